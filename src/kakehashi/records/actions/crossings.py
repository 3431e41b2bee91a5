"""What crosses: rows for given and received records; called by the exchange, never by a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput
from kakehashi.records import schema
from kakehashi.records.actions.readings import remove, store
from kakehashi.records.columns import columns
from kakehashi.records.models import Passage, Reading


@dataclass(frozen=True)
class Crossing:
    """Where and under what a record crossed. `agreement` is the lineage hash, `index` that of the log."""

    channel: str
    agreement: str
    clause: str
    index: int
    onward: str
    tlp: str
    open_until: datetime


@transaction.atomic
def given(*, record_id: UUID, crossing: Crossing, now: datetime) -> None:
    """Note that an own record entered a channel."""
    reading = Reading.objects.get(own=True, record=record_id)
    _pass(reading, crossing, received=False, now=now)


@transaction.atomic
def taken_back(*, record_id: UUID, channel: str, now: datetime) -> None:
    """Note that an own record was withdrawn from a channel."""
    Passage.objects.filter(reading__own=True, reading__record=record_id, channel=channel).update(
        closed_at=now
    )


@transaction.atomic
def receive(
    *,
    origin: str,
    side: str,
    record_id: UUID,
    body: dict[str, Any],
    person: dict[str, Any] | None,
    regions: list[str],
    issued: datetime,
    expires: datetime | None,
    crossing: Crossing,
    now: datetime,
) -> Reading:
    """Show a partner's record here. InvalidInput (schema-invalid) leaves everything as it was.

    Copies through several channels are one reading: the highest revision is shown, each channel keeps its
    passage (EXCHANGE.md section 6).
    """
    wrong = schema.problems(body)
    if wrong:
        raise InvalidInput(wrong)
    reading = Reading.objects.filter(origin=origin, record=record_id).first()
    fresh = reading is None
    if reading is None:
        reading = Reading(origin=origin, record=record_id, own=False, side=side, revision=0, audience="")
    if fresh or body["revision"] >= reading.revision:
        reading.body, reading.person, reading.revision = body, person, body["revision"]
        reading.tlp, reading.onward, reading.state = crossing.tlp, crossing.onward, "published"
        reading.published_at, reading.expires_at, reading.changed_at = issued, expires, now
        store(reading, columns(record_id, body, issued, now), regions)
    _pass(reading, crossing, received=True, now=now)
    return reading


@transaction.atomic
def recall(*, origin: str, record_id: UUID, channel: str, now: datetime) -> None:
    """The partner took a record back in one channel; when no channel is left, the reading goes."""
    reading = Reading.objects.filter(origin=origin, record=record_id, own=False).first()
    if reading is None:
        return
    reading.passages.filter(channel=channel).delete()
    if not reading.passages.exists():
        remove(reading)
    note(at=now, actor=origin, action="records.recall", object=f"{origin}/{record_id}", channel=channel)


@transaction.atomic
def close_passages(*, agreement: str, at: datetime, now: datetime) -> int:
    """An agreement ends at `at`: nothing that crossed under it is seen after that."""
    open_ones = Passage.objects.filter(agreement=agreement, open_until__gt=at)
    count = open_ones.update(open_until=at)
    note(at=now, actor="worker", action="records.close-passages", object=agreement, count=count)
    return count


@transaction.atomic
def set_term(*, agreement: str, until: datetime, now: datetime) -> int:
    """An agreement now ends at `until`: sooner by a termination, later by an amendment."""
    count = Passage.objects.filter(agreement=agreement).exclude(open_until=until).update(open_until=until)
    note(at=now, actor="worker", action="records.set-term", object=agreement, count=count)
    return count


def _pass(reading: Reading, crossing: Crossing, *, received: bool, now: datetime) -> None:
    facts = {
        "agreement": crossing.agreement,
        "clause": crossing.clause,
        "received": received,
        "index": crossing.index,
        "onward": crossing.onward,
        "tlp": crossing.tlp,
        "open_until": crossing.open_until,
        "closed_at": None,
    }
    Passage.objects.update_or_create(
        reading=reading,
        channel=crossing.channel,
        defaults=facts,
        create_defaults={**facts, "crossed_at": now},
    )
