"""Write the reading rows: projections of own records and of received ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.audit.actions import note
from kakehashi.records import identity, lifecycle, ports, queries
from kakehashi.records.columns import Columns, columns
from kakehashi.records.kinds import OF_NODE
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Facet, Reading, Record, Revision
from kakehashi.work import rows

BATCH = 500  # rows one run of the worker takes
_COLUMNS = rows.every_column(Reading)


def store(stored: Sequence[tuple[Reading, Columns, Iterable[str]]]) -> None:
    """Save readings, new and known ones, with their facets, and tell those above; all in their order.

    Of each: the reading, its columns, its regions.
    """
    readings = [reading for reading, _, _ in stored]
    fresh = [reading for reading in readings if reading.pk is None]
    known = [reading.pk for reading in readings if reading.pk is not None]
    for reading, key in zip(fresh, rows.new_keys(Reading, len(fresh)), strict=True):
        reading.pk = key
    for reading, made, _ in stored:
        _take_over(reading, made)
    rows.insert(Reading, _COLUMNS, rows.of(readings, _COLUMNS), unique=["id"], update=_COLUMNS[1:])
    Facet.objects.filter(reading__in=known).delete()
    same = queries.said_to_be_one()
    facets = [
        (reading.pk, *facet) for reading, made, regions in stored for facet in _facets(made, regions, same)
    ]
    rows.insert(Facet, ["reading_id", "facet", "value"], facets)
    ports.readings_changed(readings)


def _take_over(reading: Reading, made: Columns) -> None:
    for name in ("kind", "lang", "title", "owner", "owner_name", "event", "source_date", "sort_date"):
        setattr(reading, name, getattr(made, name))
    reading.provenance, reading.historical = made.provenance, made.historical


def _facets(
    made: Columns, regions: Iterable[str], same: Mapping[str, frozenset[str]]
) -> list[tuple[str, str]]:
    organisations = identity.with_same(made.organisations, same)
    named = (("topic", made.topics), ("region", regions), ("organisation", organisations))
    return [(facet, value) for facet, values in named for value in sorted(set(values))]


def find_anew(organisations: Iterable[str], now: datetime) -> None:
    """Write anew by which organisations readings are found, of all that name one of these."""
    found = Reading.every.filter(facets__facet="organisation", facets__value__in=list(organisations))
    readings, same = list(found.distinct()), queries.said_to_be_one()
    Facet.objects.filter(reading__in=readings, facet="organisation").delete()
    Facet.objects.bulk_create(
        Facet(reading=reading, facet="organisation", value=value)
        for reading in readings
        for value in identity.with_same(
            columns(reading.record, reading.body, reading.published_at, now).organisations, same
        )
    )
    ports.readings_changed(readings)


def remove(reading: Reading) -> None:
    """Take one reading out of pages and search."""
    ports.readings_changed([reading], gone=True)
    reading.delete()


def regions_of(record: Record, body: dict[str, Any]) -> list[str]:
    """The region of the owner organisation on the own side; none means that the record does not cross."""
    if record.kind == "organisation":
        return [body["region"]]
    if record.kind in OF_NODE:
        return list(this.node().regions)
    owner = Reading.objects.filter(own=True, record=record.owner).first() if record.owner else None
    return [owner.body["region"]] if owner else []


def regions_of_owners(owners: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The same for many owner organisations at once."""
    rows = Reading.objects.filter(own=True, record__in=list(owners)).values_list("record", "body__region")
    return {owner: [region] for owner, region in rows if region}


def project_own(record: Record, revision: Revision, now: datetime) -> Reading:
    """The reading of an own record, written anew."""
    node = this.node()
    reading = Reading.every.filter(origin=node.name, record=record.id).first()
    reading = reading or Reading(origin=node.name, record=record.id, own=True, side=node.side)
    reading.state, reading.audience = record.state, record.audience
    reading.tlp, reading.onward = record.tlp, record.onward
    reading.body, reading.person, reading.revision = revision.body, revision.person, revision.number
    reading.published_at, reading.expires_at = record.published_at, record.expires_at
    reading.changed_at = record.changed_at
    made = columns(record.id, revision.body, record.published_at, now)
    store([(reading, made, regions_of(record, revision.body))])
    return reading


@transaction.atomic
def rebuild(*, now: datetime) -> int:
    """Write all readings of own records anew; organisations first: others take their region from them."""
    records = list(Record.objects.filter(revision__gt=0))
    records.sort(key=lambda record: record.kind != "organisation")
    for record in records:
        project_own(record, record.revisions.get(number=record.revision), now)
    note(at=now, actor="worker", action="records.rebuild", object="readings", count=len(records))
    return len(records)


@transaction.atomic
def expire_due(*, now: datetime) -> int:
    """Move own records past their date to expired and hide received ones past theirs."""
    states = (State.PUBLISHED, State.ON_HOLD)
    due = list(Record.objects.filter(state__in=states, expires_at__lte=now)[:BATCH])
    for record in due:
        _retire(record, State.EXPIRED, "records.expire", now)
    gone = list(Reading.every.filter(own=False, expires_at__lte=now)[:BATCH])
    for reading in gone:
        remove(reading)
    return len(due) + len(gone)


@transaction.atomic
def archive_due(*, now: datetime) -> int:
    """Archive what expired two years ago."""
    limit = now - lifecycle.ARCHIVE_AFTER
    due = list(Record.objects.filter(state=State.EXPIRED, expires_at__lte=limit)[:BATCH])
    for record in due:
        _retire(record, State.ARCHIVED, "records.archive", now)
    return len(due)


def _retire(record: Record, state: State, action: str, now: datetime) -> None:
    record.state, record.changed_at = lifecycle.step(record.state, state), now
    record.save()
    project_own(record, record.revisions.get(number=record.revision), now)
    ports.record_changed(record, now)
    note(at=now, actor="worker", action=action, object=str(record.id))
