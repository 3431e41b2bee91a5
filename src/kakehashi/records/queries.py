"""Reads of records; every function asks first who is looking.

`visible` is the only way to a row. Own records follow their audience; received ones are reached only
through a passage of an agreement that still runs (EXCHANGE.md section 11).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.records import erasure, identity
from kakehashi.records.audience import foreign_onward, own_audiences
from kakehashi.records.kinds import CONVERSATION, KINDS, OF_NODE, SAYINGS
from kakehashi.records.lifecycle import NOTICE, State
from kakehashi.records.models import Likeness, Passage, Reading, Record, Revision, SourceKey

_MOMENT = datetime(1, 1, 2, tzinfo=UTC)  # stands for now in a statement that is kept
AT_ONCE = 10_000  # SQLite takes 32,766 values in one statement


def visible(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    """All readings that `viewer` may see at `now`."""
    return Reading.objects.filter(_own(viewer, now) | _received(viewer, now))


def conversation(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    """What nodes say to each other (records.kinds.CONVERSATION) and `viewer` may see at `now`.

    What is said of an introduction is the team's, introductions/ shows it to the two organisations concerned;
    so is what a node says for itself.
    """
    kinds = CONVERSATION if viewer.is_staff else CONVERSATION.keys() - SAYINGS.keys() - set(OF_NODE)
    return Reading.every.filter(_own(viewer, now) | _received(viewer, now), kind__in=kinds)


def _own(viewer: Viewer, now: datetime, at: str = "") -> Q:
    own, unexpired = _where(at, own=True), _unexpired(now, at)
    if viewer.is_staff:
        return own
    shown = own & _where(at, state=State.PUBLISHED, audience__in=own_audiences(viewer)) & unexpired
    if viewer.is_member and viewer.organisation:
        return shown | own & _where(at, owner=viewer.organisation)
    return shown


def _received(viewer: Viewer, now: datetime, at: str = "") -> Q:
    levels = foreign_onward(viewer)
    reading = OuterRef(f"{at}pk")
    way = Passage.objects.filter(
        reading=reading, received=True, closed_at__isnull=True, open_until__gt=now, onward__in=levels
    )
    if not viewer.is_member:
        way = way.filter(tlp="CLEAR")
    return _where(at, own=False) & _unexpired(now, at) & Q(Exists(way))


def _unexpired(now: datetime, at: str) -> Q:
    return _where(at, expires_at__isnull=True) | _where(at, expires_at__gt=now)


def _where(at: str, **facts: object) -> Q:
    """What holds of a reading, or of the one to which `at` leads from another table ("own__")."""
    return Q(**{at + name: value for name, value in facts.items()})


def published(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    """Visible and in force: what lists, search and matches are made from."""
    return visible(viewer, now).filter(state=State.PUBLISHED)


def published_by_key(viewer: Viewer, keys: Sequence[int], now: datetime) -> dict[int, Reading]:
    """Those of `keys` (each once) that `published` has: a page of a list that is known already.

    To write the statement takes longer than to ask it, so what `published` says is kept for each viewer.
    """
    if not keys:
        return {}
    statement, values = _by_key(connection.vendor, viewer, len(keys))
    written = connection.ops.adapt_datetimefield_value
    meant = dict(zip(_stand_ins(len(keys)), keys, strict=True)) | {written(_MOMENT): written(now)}
    rows = Reading.objects.raw(statement, [meant.get(value, value) for value in values])
    return {row.pk: row for row in rows}


@lru_cache(maxsize=1_000)
def _by_key(vendor: str, viewer: Viewer, count: int) -> tuple[str, tuple[Any, ...]]:
    """The statement of a page and its values, with stand-ins for the moment and the keys.

    `vendor` is that of the database: each has its own way to write a moment.
    """
    rows = published(viewer, _MOMENT).filter(pk__in=_stand_ins(count))
    return rows.query.sql_with_params()


def _stand_ins(count: int) -> range:
    return range(-count, 0)  # no row has such a key


def in_published(viewer: Viewer, now: datetime, at: str) -> Q:
    """That `published` has the reading to which `at` leads: for rows of tables that are joined to it anyway.

    Asked row by row; as a list of readings it would be gone through once for each of the other list.
    """
    seen = _own(viewer, now, at) | _received(viewer, now, at)
    return seen & _where(at, state=State.PUBLISHED, kind__in=KINDS)


def get(viewer: Viewer, origin: str, record: UUID, now: datetime) -> Reading:
    """One reading; NotFound also where it exists but may not be known of."""
    reading = visible(viewer, now).filter(origin=origin, record=record).first()
    if reading is None:
        raise NotFound(f"{origin}/{record}")
    return reading


def own_record(viewer: Viewer, record: UUID) -> Record:
    """An own record that `viewer` may edit; NotFound otherwise."""
    found = Record.objects.filter(pk=record, kind__in=KINDS).first()
    if found is None or not viewer.may_edit(found.owner):
        raise NotFound(str(record))
    return found


def said_here(viewer: Viewer, record: UUID) -> Record:
    """What was said here of an introduction, by its record, for those who may edit its organisation's."""
    found = Record.objects.filter(pk=record, kind__in=SAYINGS).first()
    if found is None or not viewer.may_edit(found.owner):
        raise NotFound(str(record))
    return found


def owned(viewer: Viewer, organisation: UUID) -> list[UUID]:
    """The ids of all own records of an organisation, what it said in conversations too."""
    if not viewer.may_edit(organisation):
        raise NotFound(str(organisation))
    return list(Record.objects.filter(owner=organisation).values_list("pk", flat=True))


def readings_of(viewer: Viewer, found: Iterable[UUID]) -> list[Reading]:
    """The own records of these ids as they are read now, what was said in conversations too; for the team."""
    return list(Reading.every.filter(own=True, record__in=set(found))) if viewer.is_staff else []


def wordings(viewer: Viewer, found: Iterable[UUID]) -> dict[UUID, list[Revision]]:
    """All revisions of own records, oldest first; for the team."""
    told: dict[UUID, list[Revision]] = {}
    rows = Revision.objects.filter(record__in=set(found)).order_by("record", "number")
    for row in rows if viewer.is_staff else ():
        told.setdefault(row.record_id, []).append(row)
    return told


def latest(viewer: Viewer, record: Record) -> Revision:
    """The newest revision of an own record."""
    return revisions(viewer, record)[:1].get()


def revisions(viewer: Viewer, record: Record) -> QuerySet[Revision]:
    """The revisions of an own record, newest first."""
    if not viewer.may_edit(record.owner):
        raise NotFound(str(record.id))
    return record.revisions.order_by("-number")


def erasable(viewer: Viewer, record: Record) -> list[erasure.Scope]:
    """What a manager may erase of an own record; nothing for everybody else."""
    if not viewer.is_manager:
        return []
    has_person = record.revisions.filter(person__isnull=False).exists()
    return erasure.scopes(has_person=has_person, revisions=record.revisions.count())


def with_contact(viewer: Viewer, address: str) -> list[UUID]:
    """The own records whose personal part holds an e-mail address, in whichever revision; for managers."""
    if not viewer.is_manager:
        return []
    rows = Revision.objects.annotate(text=Cast("person", TextField())).filter(text__icontains=address)
    return list(rows.order_by("record").values_list("record", flat=True).distinct())


def from_source(viewer: Viewer, source: str) -> dict[str, SourceKey]:
    """What each key of an import source stands for: own records, as far as `viewer` may edit them."""
    rows = SourceKey.objects.filter(source=source).select_related("record")
    return {row.key: row for row in rows if viewer.may_edit(row.record.owner)}


def newest(viewer: Viewer, now: datetime, *, side: str, limit: int) -> list[Reading]:
    """The newest facts of one side, organisations left out, historical ones last."""
    rows = published(viewer, now).filter(side=side).exclude(kind="organisation")
    return list(rows.order_by("historical", "-sort_date", "pk")[:limit])


def listing(
    viewer: Viewer, now: datetime, kind: str, *, side: str = "", topic: str = "", event: str = ""
) -> QuerySet[Reading]:
    """All records of one kind, current ones first, then the newest; narrowed by what is given."""
    rows = published(viewer, now).filter(kind=kind)
    if side:
        rows = rows.filter(side=side)
    if topic:
        rows = rows.filter(facets__facet="topic", facets__value=topic)
    if event:
        rows = rows.filter(event=event)
    return rows.order_by("historical", "-sort_date", "pk")


def sides(viewer: Viewer, now: datetime, kind: str) -> set[str]:
    """The sides that have a record of this kind."""
    return set(published(viewer, now).filter(kind=kind).order_by().values_list("side", flat=True).distinct())


def of_organisation(viewer: Viewer, now: datetime, organisation: UUID) -> list[Reading]:
    """What is known of one organisation: all records that name it, itself left out."""
    rows = published(viewer, now).exclude(kind="organisation")
    rows = rows.filter(facets__facet="organisation", facets__value=str(organisation))
    return list(rows.order_by("historical", "-sort_date", "pk"))


def by_id(viewer: Viewer, now: datetime, organisations: Iterable[UUID]) -> dict[UUID, Reading]:
    """The organisations of these ids, as far as `viewer` may open them."""
    rows = visible(viewer, now).filter(kind="organisation", record__in=set(organisations))
    return {row.record: row for row in rows}


def companies(viewer: Viewer, now: datetime, organisations: Iterable[UUID]) -> list[Reading]:
    """The companies among these organisations, as far as `viewer` may open them; without their contacts."""
    rows = visible(viewer, now).filter(kind="organisation", record__in=set(organisations))
    return list(rows.filter(body__type="company").defer("person").order_by("pk"))


def by_record(viewer: Viewer, now: datetime, found: Iterable[UUID]) -> list[Reading]:
    """The records of these ids, of whatever kind and origin, as far as `viewer` may see them."""
    return [row for part in _parts(found) for row in visible(viewer, now).filter(record__in=part)]


def owners(viewer: Viewer, now: datetime, found: Iterable[tuple[str, UUID]]) -> set[UUID]:
    """The organisations that own these records (origin, id), as far as `viewer` may see the records."""
    wanted: dict[str, set[UUID]] = {}
    for origin, record in found:
        wanted.setdefault(origin, set()).add(record)
    rows = visible(viewer, now).values_list("owner", flat=True).distinct()
    return {
        owner
        for origin, ids in wanted.items()
        for part in _parts(ids)
        for owner in rows.filter(origin=origin, record__in=part)
        if owner
    }


def _parts(found: Iterable[UUID]) -> Iterator[list[UUID]]:
    ids = list(set(found))
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def own_readings(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    """The records of this node that `viewer` may edit, whatever their state, the last changed first."""
    rows = visible(viewer, now).filter(own=True)
    if not viewer.is_staff:
        rows = rows.filter(owner=viewer.organisation) if viewer.owns(viewer.organisation) else rows.none()
    return rows.order_by("-changed_at", "pk")


def expiring(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    """Own records in the last two weeks before they expire: their notices are due."""
    rows = own_readings(viewer, now).filter(state__in=(State.PUBLISHED, State.ON_HOLD))
    return rows.filter(expires_at__gt=now, expires_at__lte=now + NOTICE).order_by("expires_at", "pk")


def organisations(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    """All organisations of both sides."""
    return published(viewer, now).filter(kind="organisation").order_by("side", "pk")


def passages(viewer: Viewer, reading: Reading) -> QuerySet[Passage]:
    """Where and when a reading crossed; only for the cluster's own people, others learn it of public ones."""
    rows = reading.passages.filter(closed_at__isnull=True).order_by("crossed_at")
    return rows if viewer.is_member or reading.tlp == "CLEAR" else rows.none()


def crossings_by_kind(viewer: Viewer, now: datetime, *, received: bool) -> dict[str, int]:
    """How many records of each kind were given, or received, and may be seen now; each counts once."""
    rows = Passage.objects.filter(received=received, closed_at__isnull=True, open_until__gt=now)
    seen = rows.filter(in_published(viewer, now, "reading__")).values_list("reading__kind")
    return dict(seen.annotate(count=Count("reading", distinct=True)))


def crossed(viewer: Viewer, agreement: str, now: datetime) -> list[dict[str, object]]:
    """Per clause, side and kind: how many visible records crossed under one agreement, and when last.

    `agreement` is the lineage hash. Rows: {"clause", "received", "side", "kind", "count", "last"}.
    """
    rows = (
        Passage.objects.filter(agreement=agreement, closed_at__isnull=True, open_until__gt=now)
        .filter(in_published(viewer, now, "reading__"))
        .values("clause", "received", side=F("reading__side"), kind=F("reading__kind"))
        .annotate(count=Count("pk"), last=Max("crossed_at"))
        .order_by("clause", "side", "kind")
    )
    return [dict(row) for row in rows]


def owners_crossed(viewer: Viewer, agreement: str, now: datetime) -> list[dict[str, Any]]:
    """Per organisation: how many visible records of its own crossed under one agreement, and when last.

    Rows: {"owner", "side", "count", "last"}; the organisation's own entry does not count.
    """
    rows = (
        Passage.objects.filter(agreement=agreement, closed_at__isnull=True, open_until__gt=now)
        .filter(in_published(viewer, now, "reading__"), reading__owner__isnull=False)
        .exclude(reading__kind="organisation")
        .values(owner=F("reading__owner"), side=F("reading__side"))
        .annotate(count=Count("reading", distinct=True), last=Max("crossed_at"))
        .order_by("owner")
    )
    return [dict(row) for row in rows]


def likenesses(viewer: Viewer) -> dict[tuple[str, str], Likeness]:
    """What the team said of pairs of organisations; NotAllowed for all others."""
    if not viewer.is_staff:
        raise NotAllowed("records.alike")
    return {(str(row.one), str(row.other)): row for row in Likeness.objects.all()}


def said_to_be_one() -> dict[str, frozenset[str]]:
    """For each organisation that is said to be the same as others, all of them, itself among them."""
    rows = Likeness.objects.filter(same=True).values_list("one", "other")
    return identity.together((str(one), str(other)) for one, other in rows)


def same_as(viewer: Viewer, now: datetime, organisation: UUID) -> list[Reading]:
    """The other records of what is said to be the same organisation, as far as `viewer` may see them."""
    others = said_to_be_one().get(str(organisation), frozenset()) - {str(organisation)}
    return sorted(by_id(viewer, now, map(UUID, others)).values(), key=lambda row: row.pk) if others else []
