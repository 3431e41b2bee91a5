"""Mails about the life of a record to those whose it is: asked to approve, soon to expire, expired."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import override

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.viewer import WORKER
from kakehashi.mail import actions as mail
from kakehashi.mail import queries as mailed
from kakehashi.records import lifecycle, queries
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled


def tell(*, now: datetime) -> int:
    """Send what is due, once; gives the number of occasions. What could not be sent is tried again.

    An organisation without people of its own is looked after by the managers.
    """
    due = {f"records/{kind}/{row.record}/{when}": (kind, row) for kind, row, when in _due(now)}
    told, done = mailed.told(due), 0
    for about, (kind, row) in due.items():
        if about not in told and (sent := _send(kind, row)):
            mail.keep(about=about, sent=sent, now=now)
            done += 1
    return done


def _due(now: datetime) -> Iterator[tuple[str, Reading, str]]:
    """(what, record, occasion): a wording is asked about once, a term ends once."""
    own = queries.own_readings(WORKER, now).filter(kind__in=("offer", "request"))
    for row in own.filter(state=State.CLIENT_APPROVAL):
        yield "approval", row, f"{row.revision}"
    for row in queries.expiring(WORKER, now):
        yield "expiring", row, f"{row.expires_at:%Y-%m-%d}"
    lately = now - lifecycle.NOTICE  # not years of the past after an update
    for row in own.filter(state=State.EXPIRED, expires_at__gt=lately, expires_at__lte=now):
        yield "expired", row, f"{row.expires_at:%Y-%m-%d}"


def _send(kind: str, row: Reading) -> int:
    people = list(accounts.members_of(row.owner)) or list(accounts.managers())
    sent = 0
    for person in people:
        with override(person.language):
            record = queries.own_record(WORKER, row.record)
            facts = {
                "kind": kind,
                "title": titled(row).text,
                "expires": row.expires_at,
                "may_extend": lifecycle.may_extend(row.state, row.expires_at, extended=record.extended),
                "address": this.node().pages + reverse("records:record", args=[row.origin, row.record]),
                "place": this.node().title.get(person.language, this.node().name),
            }
            sent += mail.post(person.email, "records/mail/life", facts)
    return sent
