"""What was taken back, by whom, and which partner's receipt confirms it since when, for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.models import Partner
from kakehashi.audit import queries as audit
from kakehashi.errors import NotAllowed
from kakehashi.exchange import words
from kakehashi.exchange.models import Entry, Erasure, Recall, Receipt
from kakehashi.exchange.queries import readers
from kakehashi.records import labels
from kakehashi.records import queries as records
from kakehashi.records.models import Reading

TAKEN_BACK_WITHIN = timedelta(hours=24)  # EXCHANGE.md section 13: parts of what is withdrawn are deleted


@dataclass(frozen=True)
class Confirmation:
    """One reader's word. `at`: when its receipt was signed, None while awaited; `late`: for too long."""

    partner: Partner | None
    node: str
    at: datetime | None
    late: bool


@dataclass(frozen=True)
class Shown:
    """One recall. `by` is empty where nobody did it by hand; `partner`: whose record it was, None for own.

    `here_at`: when nothing of it was left in any file of this node; of a withdrawal, when it was deleted.
    `deadline`: until when readers must have destroyed it.
    """

    row: Recall
    reading: Reading | None
    kind: str
    partner: Partner | None
    by: str
    why: str | Promise
    parts: list[str | Promise]
    deadline: datetime
    here_at: datetime | None
    confirmed: list[Confirmation]

    @property
    def late(self) -> bool:
        return any(each.late for each in self.confirmed)


def recalls(viewer: Viewer, *, record: UUID | None = None) -> QuerySet[Recall]:
    """All recalls of both sides, or those of one record, the newest first; for the cluster's team."""
    if not viewer.is_staff:
        raise NotAllowed("exchange.recalls")
    rows = Recall.objects.select_related("channel").order_by("-at", "-pk")
    return rows.filter(record=record) if record else rows


def overdue(viewer: Viewer) -> int:
    """How many erasures have passed their deadline unconfirmed."""
    if not viewer.is_staff:
        return 0
    return Erasure.objects.filter(done_at__isnull=True, alarmed_at__isnull=False).count()


def shown(viewer: Viewer, rows: Sequence[Recall], now: datetime) -> list[Shown]:
    """The recalls of one page of the list, told in full."""
    about = Q(pk__in=[])
    for row in rows:
        about |= Q(channel=row.channel_id, index=row.index)
    headers = {(e.channel_id, e.index): orjson.loads(bytes(e.header)) for e in Entry.objects.filter(about)}
    erasures = {(e.channel_id, e.index): e for e in Erasure.objects.filter(about)}
    ids = {row.record for row in rows}
    titles = {reading.record: reading for reading in records.visible(viewer, now).filter(record__in=ids)}
    doers = audit.doers(viewer, {str(record) for record in ids})
    partners = {partner.node: partner for partner in agreements.partners(WORKER)}
    return [
        _shown(
            row,
            headers[row.channel_id, row.index],
            erasures.get((row.channel_id, row.index)),
            titles.get(row.record),
            doers.get((str(row.record), row.at), ""),
            partners,
            now,
        )
        for row in rows
    ]


def _shown(
    row: Recall,
    header: Mapping[str, object],
    erasure: Erasure | None,
    reading: Reading | None,
    by: str,
    partners: Mapping[str, Partner],
    now: datetime,
) -> Shown:
    names = erasure.parts if erasure else []
    deadline = erasure.deadline if erasure else row.at + TAKEN_BACK_WITHIN
    peers = readers(row.channel) if row.channel.own else [row.channel.origin]
    said = str(header.get("basis") or header.get("reason") or "")
    return Shown(
        row=row,
        reading=reading,
        kind=row.kind,
        partner=None if row.channel.own else partners.get(row.channel.origin),
        by=by if by != "worker" else "",
        why=labels.BASES.get(said, words.REASONS.get(said, said)),
        parts=[words.PARTS.get(name, name) for name in names],
        deadline=deadline,
        here_at=erasure.scrubbed_at if erasure else row.at,
        confirmed=[_confirmation(row, erasure, peer, partners.get(peer), deadline, now) for peer in peers],
    )


def _confirmation(
    row: Recall,
    erasure: Erasure | None,
    peer: str,
    partner: Partner | None,
    deadline: datetime,
    now: datetime,
) -> Confirmation:
    """What a reader's receipts say; of a partner's recall, what ours say to it."""
    if erasure is None:
        receipts = Receipt.objects.filter(channel=row.channel, peer=peer, size__gt=row.index)
        at = receipts.order_by("size", "pk").values_list("at", flat=True).first()
    elif row.channel.own:
        at = erasure.confirmations.filter(peer=peer).values_list("at", flat=True).first()
    else:
        at = erasure.done_at
    return Confirmation(partner, peer, at, late=at is None and deadline <= now)
