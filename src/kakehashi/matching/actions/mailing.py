"""Mails of matching: what a colleague passed on, and new answers to saved searches; each once."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import override

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.mail import actions as mail
from kakehashi.matching.models import Passed, SavedSearch
from kakehashi.matching.queries.desk import match_of, sees, to_mail
from kakehashi.matching.queries.due import to_encode
from kakehashi.matching.queries.saved import fresh, last_stamp, name, to_look
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled

PATIENCE = timedelta(days=3)  # in which a mail about a match is tried again
LISTED = 10  # new answers that a mail names


def mail_passed(*, now: datetime) -> int:
    """Mail what was passed on and can still be seen by its receiver; gives how many mails went out."""
    done = 0
    for row in to_mail(now - PATIENCE):
        match = match_of(row)
        if match is None or not row.to.is_active or not sees(accounts.viewer_of(row.to), match, now):
            continue
        with override(row.to.language):
            who = accounts.names([row.by]).get(row.by, row.by)
            facts = {
                "who": who,
                "note": row.note,
                "titles": [titled(match.own).text, titled(match.other).text],
            }
            sent = _post(row.to, "passed", {**facts, "address": _page("matching:match", match.pk)})
        if sent:
            Passed.objects.filter(pk=row.pk).update(mailed_at=now)
            done += 1
    return done


def mail_found(*, now: datetime, encoder: str) -> int:
    """Look for new answers to saved searches, with the rights that people have now, and mail these.

    Waits while records are still being read. A mail that could not be sent is tried again.
    """
    if to_encode(encoder).exists():
        return 0
    done, stamp = 0, last_stamp()
    for saved in to_look(stamp, now):
        found = fresh(saved, now)
        if found and not _tell(saved, found):
            continue
        told = now if found else saved.told_at
        known = [*saved.known, *map(name, found)]
        SavedSearch.objects.filter(pk=saved.pk).update(known=known, told_at=told, seen=stamp)
        done += bool(found)
    return done


def _tell(saved: SavedSearch, found: list[Reading]) -> bool:
    with override(saved.person.language):
        end = _page("matching:saved-end", saved.token)
        query = urlencode({"q": saved.text, **saved.filters})
        facts = {
            "text": saved.text,
            "count": len(found),
            "titles": [titled(reading).text for reading in found[:LISTED]],
            "address": f"{_page('matching:search')}?{query}",
            "end": end,
        }
        # One click ends it in any mail program (RFC 8058), which sends a form; a look at the page does not.
        headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return _post(saved.person, "found", facts, headers)


def _post(person: User, template: str, facts: dict[str, Any], headers: dict[str, str] | None = None) -> bool:
    facts["place"] = this.node().title.get(person.language, this.node().name)
    return mail.post(person.email, f"matching/mail/{template}", facts, headers)


def _page(name: str, *arguments: object) -> str:
    return this.node().pages + reverse(name, args=arguments)
