"""Write the reading rows: projections of own records and of received ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction

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


class Face(NamedTuple):
    """What a reading shows beside what follows from its body; `key` of one that is there already."""

    key: int | None
    origin: str
    record: UUID
    own: bool
    side: str
    state: str
    audience: str
    tlp: str
    onward: str
    body: dict[str, Any]
    person: dict[str, Any] | None
    revision: int
    published_at: datetime | None
    expires_at: datetime | None
    changed_at: datetime
    regions: Sequence[str]


def store(faces: Sequence[Face], now: datetime) -> list[Reading]:
    """Write readings, new and known ones, with their facets, and tell those above; all in their order."""
    fresh = iter(rows.new_keys(Reading, sum(face.key is None for face in faces)))
    keys = [next(fresh) if face.key is None else face.key for face in faces]
    made = [columns(face.record, face.body, face.published_at, now) for face in faces]
    written = [_row(*each) for each in zip(keys, faces, made, strict=True)]
    rows.insert(Reading, _COLUMNS, written, unique=["id"], update=_COLUMNS[1:])
    Facet.objects.filter(reading__in=[face.key for face in faces if face.key is not None]).delete()
    same = queries.said_to_be_one()
    facets = [
        (key, *facet)
        for key, face, each in zip(keys, faces, made, strict=True)
        for facet in _facets(each, face.regions, same)
    ]
    rows.insert(Facet, ["reading_id", "facet", "value"], facets)
    readings = [Reading.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row) for row in written]
    ports.readings_changed(readings)
    return readings


def _row(key: int, face: Face, made: Columns) -> rows.Row:
    """In the order of the table: a reading made from the row needs no look for defaults."""
    return (
        *(key, face.origin, face.record, face.own, face.side, made.kind, made.lang),
        *(face.state, face.audience, face.tlp, face.onward, made.owner, made.owner_name, made.title),
        *(face.body, face.person, face.revision, made.event, made.source_date, made.sort_date),
        *(made.provenance, made.historical, face.published_at, face.expires_at, face.changed_at),
    )


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


def regions_of(record: Record, body: dict[str, Any], homes: Mapping[UUID, list[str]]) -> list[str]:
    """The region of the owner organisation, one of `homes` (`regions_of_owners`), on the own side.

    None means that the record does not cross.
    """
    if record.kind == "organisation":
        return [body["region"]]
    if record.kind in OF_NODE:
        return list(this.node().regions)
    return homes.get(record.owner, []) if record.owner else []


def regions_of_owners(owners: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Where organisations are at home, as their readings say."""
    rows = Reading.objects.filter(own=True, record__in=list(owners)).values_list("record", "body__region")
    return {owner: [region] for owner, region in rows if region}


def project_own(record: Record, revision: Revision, now: datetime) -> Reading:
    """The reading of an own record, written anew."""
    return project_all([(record, revision)], now)[0]


def project_all(found: Iterable[tuple[Record, Revision]], now: datetime) -> list[Reading]:
    """The same for many; organisations first: others take their region from them."""
    parts: dict[bool, list[tuple[Record, Revision]]] = {True: [], False: []}
    for record, revision in found:
        parts[record.kind == "organisation"].append((record, revision))
    return [*store(_faces(parts[True]), now), *store(_faces(parts[False]), now)]


def _faces(found: Sequence[tuple[Record, Revision]]) -> list[Face]:
    ids, owners = [record.pk for record, _ in found], {record.owner for record, _ in found if record.owner}
    mine = Reading.every.filter(origin=this.node().name, record__in=rows.among(ids))
    known = dict(mine.values_list("record", "pk"))
    homes = regions_of_owners(owners)
    return [_face(*each, known.get(each[0].pk), homes) for each in found]


def _face(record: Record, revision: Revision, known: int | None, homes: Mapping[UUID, list[str]]) -> Face:
    node = this.node()
    return Face(
        key=known,
        origin=node.name,
        record=record.pk,
        own=True,
        side=node.side,
        state=record.state,
        audience=record.audience,
        tlp=record.tlp,
        onward=record.onward,
        body=revision.body,
        person=revision.person,
        revision=revision.number,
        published_at=record.published_at,
        expires_at=record.expires_at,
        changed_at=record.changed_at,
        regions=regions_of(record, revision.body, homes),
    )


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
