"""Mails about introductions to the people of this node, each in its reader's language, each once."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER
from kakehashi.introductions import calendar, labels, meetings, notices, queries
from kakehashi.introductions.calendar import Meeting
from kakehashi.introductions.notices import Due
from kakehashi.introductions.queries import Introduction
from kakehashi.mail import actions as mail
from kakehashi.mail import queries as mailed
from kakehashi.records.templatetags.readings import titled

Reader = tuple[str, str]  # an address and the language to write in


def tell(*, now: datetime) -> int:
    """Send what is due; gives the number of occasions. What could not be sent to anybody is tried again."""
    done, here = 0, this.node().name
    found = [(each, due) for each in queries.every(WORKER, now) for due in notices.due(each.state, here, now)]
    found += _wordings(now)
    told = mailed.told([due.about for _each, due in found])
    for each, due in found:
        if due.about not in told:
            readers = _readers(each, due, now)
            sent = sum(_send(reader, each, due, now) for reader in readers)
            if sent or not readers:
                mail.keep(about=due.about, sent=sent, now=now)
                done += 1
    return done


def _wordings(now: datetime) -> list[tuple[Introduction, Due]]:
    """The translations that somebody asked for."""
    return [
        (
            each,
            notices.wording_due(
                f"wording/{row.origin}/{row.record}/{row.member}/{row.language}/{row.of}",
                asks=each.asks,
                written=bool(row.text),
            ),
        )
        for each, row in queries.told_of(WORKER, now)
    ]


def _readers(each: Introduction, due: Due, now: datetime) -> list[Reader]:
    """Those to be told, each once; nobody of a meeting that is over, or falls through without an invitation.

    Of a meeting also the person whom the other side meets, who need not have a sign-in here.
    """
    people = [(person.email, person.language) for person in _people(each, due)]
    if due.meeting is None:
        return people
    meeting = _meeting(each, due)
    if meeting is None or meeting.end <= now or (due.after and not mailed.any_told(due.after)):
        return []
    contact = queries.own_contact(WORKER, each).get("email")
    known = {address.casefold() for address, _language in people}
    return people + ([(contact, this.node().language)] if contact and contact.casefold() not in known else [])


def _people(each: Introduction, due: Due) -> Iterable[User]:
    """An organisation without people of its own is looked after by the managers."""
    if due.to == "managers":
        return accounts.managers()
    concerned = each.interest if due.to == "asker" else each.target
    members = list(accounts.members_of(concerned.owner)) if concerned else []
    return members or accounts.managers()


def _send(reader: Reader, each: Introduction, due: Due, now: datetime) -> bool:
    address, language = reader
    with override(language):
        meeting = _meeting(each, due)
        facts = {**_facts(each, due), "meeting": meeting}
        return mail.post(address, "introductions/mail/step", facts, calendar=_invitation(meeting, now))


def _meeting(each: Introduction, due: Due) -> Meeting | None:
    said = next((row for row in each.said if row.record == due.meeting), None)
    if said is None:
        return None
    if due.kind == "cancelled" and not each.state.open:
        return meetings.fallen(each, said, _address(each), _sender())
    return meetings.told_by(each, said, _address(each))


def _invitation(meeting: Meeting | None, now: datetime) -> tuple[str, str] | None:
    """As a part of the mail, sent in the name of whoever invites."""
    if meeting is None:
        return None
    return calendar.invitation(meeting, now, _sender()).decode(), meeting.method


def _sender() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _address(each: Introduction) -> str:
    return this.node().pages + reverse("introductions:thread", args=each.key)


def _facts(each: Introduction, due: Due) -> dict[str, object]:
    state = each.state
    reasons = {**labels.RETURNS, **labels.REASONS}
    return {
        "kind": due.kind,
        "title": titled(each.target).text if each.target else "",
        "asker": each.interest.owner_name if each.names_asker else "",
        "status": labels.STATUS[state.status],
        "next": labels.NEXT.get(state.status, ""),
        "reason": reasons.get(state.reason, ""),
        "result": labels.RESULTS.get(state.result, ""),
        "due": state.due,
        "address": _address(each),
    }
