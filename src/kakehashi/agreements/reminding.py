"""Mails to the managers of this node before an agreement ends: once at each of the days of the terms."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions, queries, terms
from kakehashi.agreements.models import Agreement
from kakehashi.mail import actions as mail


def remind(*, now: datetime) -> int:
    """Send what is due; gives the number of agreements. What no manager could be sent is tried again."""
    done = 0
    for agreement in queries.agreements(WORKER).filter(state=terms.State.ACTIVE, ends__gt=now):
        for days in terms.reminders_due(agreement.ends, agreement.reminded, now):
            reached = [person.email for person in accounts.managers() if _send(person, agreement, now)]
            if reached:
                actions.reminded(hash=agreement.hash, days=days, reached=len(reached), now=now)
                done += 1
    return done


def _send(person: User, agreement: Agreement, now: datetime) -> bool:
    with override(person.language):
        facts = _facts(agreement, person.language, now)
        return mail.post(person.email, "agreements/mail/reminder", facts)


def _facts(agreement: Agreement, language: str, now: datetime) -> dict[str, object]:
    """What the mail says, as plain text: it has no marks of its languages."""
    document = agreement.document
    return {
        "title": _plain(document["title"], language),
        "parties": [_plain(party["name"], language) for party in document["parties"]],
        "date": date_format(localtime(agreement.ends)),
        "days": terms.days_left(agreement.ends, now),
        "address": _address(agreement),
        "place": _plain(this.node().title, language),
    }


def _plain(names: dict[str, str], language: str) -> str:
    return next(names[one] for one in (language, "en", *names) if one in names)


def _address(agreement: Agreement) -> str:
    """The page of the agreement, as a manager of this node reaches it."""
    short = agreement.hash.removeprefix(queries.PREFIX)[:16]
    return this.node().pages + reverse("agreements:detail", args=[short])
