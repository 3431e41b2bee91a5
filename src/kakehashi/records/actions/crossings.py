"""What crosses: rows for given and received records; called by the exchange, never by a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput
from kakehashi.records import ports, schema
from kakehashi.records.actions.readings import Face, remove, store
from kakehashi.records.models import Passage, Reading
from kakehashi.work import rows


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
def given(*, crossings: Mapping[UUID, Crossing], now: datetime) -> None:
    """Note that own records entered a channel."""
    readings = Reading.every.filter(own=True, record__in=crossings).values_list("pk", "record")
    ways = [(key, crossings[record]) for key, record in readings]
    ports.sight_changed(_pass(ways, received=False, now=now))


@transaction.atomic
def taken_back(*, record_id: UUID, channel: str, now: datetime) -> None:
    """Note that an own record was withdrawn from a channel."""
    _change(
        Passage.objects.filter(reading__own=True, reading__record=record_id, channel=channel), closed_at=now
    )


class Arrival(NamedTuple):
    """One record of a partner as the exchange hands it over."""

    record_id: UUID
    body: dict[str, Any]
    person: dict[str, Any] | None
    regions: list[str]
    issued: datetime
    expires: datetime | None
    crossing: Crossing


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
    arrival = Arrival(record_id, body, person, regions, issued, expires, crossing)
    wrong = receive_all(origin=origin, side=side, arrivals=[arrival], now=now)
    if wrong:
        raise InvalidInput(wrong[record_id])
    return Reading.every.get(origin=origin, record=record_id)


@transaction.atomic
def receive_all(
    *, origin: str, side: str, arrivals: Sequence[Arrival], now: datetime
) -> dict[UUID, dict[str, list[str]]]:
    """Show many records of a partner, each at most once; gives the problems of those that are not valid."""
    wrong, good = {}, []
    for arrival in arrivals:
        if problems := schema.problems(arrival.body):
            wrong[arrival.record_id] = problems
        else:
            good.append(arrival)
    known = _known(origin, good)
    newer = [arrival for arrival in good if arrival.body["revision"] >= known.get(arrival.record_id, _NEW)[1]]
    faces = [_face(arrival, origin, side, known.get(arrival.record_id, _NEW)[0], now) for arrival in newer]
    told = {reading.pk: reading.record for reading in store(faces, now)}
    keys = {record: key for record, (key, _) in known.items()} | {record: key for key, record in told.items()}
    written = _pass([(keys[each.record_id], each.crossing) for each in good], received=True, now=now)
    ports.sight_changed([key for key in written if key not in told])
    return wrong


_NEW = (None, 0)


def _known(origin: str, arrivals: Iterable[Arrival]) -> dict[UUID, tuple[int, int]]:
    """Key and revision of what is shown of these records already."""
    ids = rows.among(arrival.record_id for arrival in arrivals)
    found = Reading.every.filter(origin=origin, record__in=ids).values_list("record", "pk", "revision")
    return {record: (key, revision) for record, key, revision in found}


def _face(arrival: Arrival, origin: str, side: str, key: int | None, now: datetime) -> Face:
    """What the reading of an arrival shows."""
    crossing = arrival.crossing
    return Face(
        key=key,
        origin=origin,
        record=arrival.record_id,
        own=False,
        side=side,
        state="published",
        audience="",
        tlp=crossing.tlp,
        onward=crossing.onward,
        body=arrival.body,
        person=arrival.person,
        revision=arrival.body["revision"],
        published_at=arrival.issued,
        expires_at=arrival.expires,
        changed_at=now,
        regions=arrival.regions,
    )


@transaction.atomic
def recall(*, origin: str, record_id: UUID, channel: str, now: datetime) -> None:
    """The partner took a record back in one channel; when no channel is left, the reading goes."""
    reading = Reading.every.filter(origin=origin, record=record_id, own=False).first()
    if reading is None:
        return
    reading.passages.filter(channel=channel).delete()
    ports.sight_changed([reading.pk])
    if not reading.passages.exists():
        remove(reading)
    note(at=now, actor=origin, action="records.recall", object=f"{origin}/{record_id}", channel=channel)


@transaction.atomic
def close_passages(*, agreement: str, at: datetime, now: datetime) -> int:
    """An agreement ends at `at`: nothing that crossed under it is seen after that."""
    count = _change(Passage.objects.filter(agreement=agreement, open_until__gt=at), open_until=at)
    note(at=now, actor="worker", action="records.close-passages", object=agreement, count=count)
    return count


@transaction.atomic
def set_term(*, agreement: str, until: datetime, now: datetime) -> int:
    """An agreement now ends at `until`: sooner by a termination, later by an amendment."""
    others = Passage.objects.filter(agreement=agreement).exclude(open_until=until)
    count = _change(others, open_until=until)
    note(at=now, actor="worker", action="records.set-term", object=agreement, count=count)
    return count


def _change(passages: QuerySet[Passage], **values: datetime) -> int:
    """Write passages anew, tell those above, and give how many."""
    keys = list(passages.values_list("reading", flat=True).distinct())
    count = passages.update(**values)
    ports.sight_changed(keys)
    return count


_WAY = ("channel", "agreement", "clause", "index", "onward", "tlp", "open_until")
_PASSAGE = ("reading_id", "received", "crossed_at", "closed_at", *_WAY)
_of_way = attrgetter(*_WAY)


def _pass(ways: Iterable[tuple[int, Crossing]], *, received: bool, now: datetime) -> list[int]:
    """Write passages, and give the keys of their readings; `crossed_at` of those that are there stays."""
    passages = [(key, received, now, None, *_of_way(crossing)) for key, crossing in ways]
    key = ("reading_id", "channel")
    update = [column for column in _PASSAGE if column not in (*key, "crossed_at")]
    rows.insert(Passage, _PASSAGE, passages, unique=key, update=update)
    return [passage[0] for passage in passages]
