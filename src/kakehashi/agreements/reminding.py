"""Mails to the managers of this node before an agreement ends: once at each of the days of the terms."""

import logging
from datetime import datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
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

log = logging.getLogger(__name__)


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
        subject = render_to_string("agreements/mail/reminder_subject.txt", facts).strip()
        body = render_to_string("agreements/mail/reminder_message.txt", facts)
    try:
        return bool(EmailMessage(subject, body, to=[person.email]).send())
    except OSError:  # that of mail is one, too
        log.exception("the reminder of %s was not sent", agreement.hash)
        return False


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
