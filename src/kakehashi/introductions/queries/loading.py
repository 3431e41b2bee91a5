"""Introductions as they follow from what both nodes said, for the two organisations and their clusters."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.exchange import history
from kakehashi.introductions import derive, events, moves
from kakehashi.introductions.derive import State
from kakehashi.introductions.events import Event, Key
from kakehashi.introductions.moves import Move, Part
from kakehashi.records import queries as records
from kakehashi.records.kinds import SAYINGS
from kakehashi.records.lifecycle import State as Life
from kakehashi.records.models import Passage, Reading

ABOUT = ("offer", "request", "academic", "practice", "organisation")
SPOKEN = (Life.DRAFT, Life.PUBLISHED)  # an own record in another state is no longer said


@dataclass(frozen=True)
class Introduction:
    """One introduction as one viewer sees it from one side.

    `said` are the replies, outcomes and confirmations, `target` the record that it is about as far as the
    viewer may see it, `lineage` the agreement that carries it ("" before it crosses), `clause` the one that
    the record serves.
    """

    state: State
    interest: Reading
    said: tuple[Reading, ...]
    target: Reading | None
    part: Part
    lineage: str
    clause: str
    urgency: str

    @property
    def key(self) -> Key:
        return self.interest.origin, str(self.interest.record)

    @property
    def asks(self) -> bool:
        """Seen from the asking side?"""
        return self.part.startswith("asker")

    @property
    def moves(self) -> tuple[Move, ...]:
        return moves.moves(self.state, self.part)

    @property
    def waits(self) -> Literal["me", "them", "closed"]:
        return moves.waits_for(self.state, self.part, self.urgency)

    @property
    def names_asker(self) -> bool:
        """The asking side knows who it is; the owner's sees it once the asker's cluster has checked it."""
        return self.asks or self.state.asker_shown

    @property
    def contacts(self) -> list[tuple[Literal["asker", "owner"], dict[str, Any]]]:
        """The persons to talk to, on either side: only while both yeses stand."""
        if not self.state.open:
            return []
        replies = [each for each in self.said if each.kind == "reply" and each.person]
        found: list[tuple[Literal["asker", "owner"], Reading]] = [("owner", each) for each in replies[-1:]]
        if self.interest.person:
            found.insert(0, ("asker", self.interest))
        return [(side, (each.person or {}).get("contact", {})) for side, each in found]


def every(viewer: Viewer, now: datetime) -> list[Introduction]:
    """All that `viewer` has a part in, the most pressing first; none for readers and editors."""
    return _sorted(_load(viewer, now, _interests(viewer, now)))


def board(viewer: Viewer, now: datetime) -> dict[str, list[Introduction]]:
    """What waits for the viewer ("me"), for others ("them"), and what is over ("closed")."""
    heads: dict[str, list[Introduction]] = {"me": [], "them": [], "closed": []}
    for each in every(viewer, now):
        heads[each.waits].append(each)
    return heads


def one(viewer: Viewer, origin: str, interest: UUID, now: datetime) -> Introduction:
    """One introduction; NotFound also for whoever has no part in it."""
    found = _load(viewer, now, _interests(viewer, now).filter(origin=origin, record=interest), one=interest)
    if not found:
        raise NotFound(f"introduction {origin}/{interest}")
    return found[0]


def mark(viewer: Viewer, now: datetime) -> tuple[object, ...]:
    """Changes whenever something is said, changed or gone: no introduction moves otherwise, but by time."""
    rows = records.conversation(viewer, now).filter(kind__in=SAYINGS)
    return tuple(rows.aggregate(Count("pk"), Max("pk"), Max("changed_at"), Sum("revision")).values())


def about(viewer: Viewer, origin: str, record: UUID, now: datetime) -> list[Introduction]:
    """The viewer's introductions about one record."""
    rows = _interests(viewer, now).filter(body__about__origin=origin, body__about__id=str(record))
    return _sorted(_load(viewer, now, rows))


def steps_of(viewer: Viewer, introduction: Introduction) -> list[Event]:
    """All that happened, in order; on the asking side also what was asked and returned before it crossed."""
    found = {(event.key, event.revision): event for event in introduction.state.history}
    if introduction.asks and introduction.interest.own:
        record = records.said_here(viewer, introduction.interest.record)
        for row in record.revisions.order_by("number"):
            event = events.read(*introduction.key, row.number, "interest", row.body, row.at, withdrawn=False)
            if event and (event.says, event.at) not in {(e.says, e.at) for e in found.values()}:
                found[event.key, event.revision] = event
    return sorted(found.values(), key=lambda event: event.order)


def has_a_part(viewer: Viewer) -> bool:
    """Managers, and members with an organisation: nobody else sees any introduction."""
    return viewer.is_manager or viewer.owns(viewer.organisation)


def may_ask(viewer: Viewer, target: Reading, now: datetime) -> bool:
    """May the viewer's organisation, or the manager for one, ask to be introduced about this record?"""
    if target.own or target.kind not in ABOUT or target.owner is None:
        return False
    if target.body.get("open_for_interest") is False or not has_a_part(viewer):
        return False
    return bool(lineage_for(target, now))


def lineage_for(target: Reading, now: datetime) -> str:
    """The agreement through which the record came and that lets an interest cross back; "" if none."""
    me = this.node().name
    came = set(
        target.passages.filter(received=True, closed_at__isnull=True).values_list("agreement", flat=True)
    )
    for standing in agreements.running(WORKER, now):
        granted = [
            grant for grant in standing["grants"] if grant["from"] == me and "interest" in grant["kinds"]
        ]
        if standing["lineage"] in came and granted and not standing["suspended"]:
            return standing["lineage"]
    return ""


def own_organisation(viewer: Viewer, organisation: UUID | None, now: datetime) -> Reading:
    """The organisation that the viewer speaks for; NotAllowed for any other."""
    wanted = organisation or viewer.organisation
    if wanted is None or not (viewer.is_manager or viewer.owns(wanted)):
        raise NotAllowed("introductions.organisation")
    found = records.organisations(viewer, now).filter(own=True, record=wanted).first()
    if found is None:
        raise NotFound(f"organisation {wanted}")
    return found


def _interests(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    rows = records.conversation(WORKER, now).filter(kind="interest")
    if viewer.is_manager:
        return rows
    if not viewer.owns(viewer.organisation):
        return rows.none()
    theirs = records.own_readings(viewer, now).values_list("record", flat=True)
    asked = Q(own=False, body__about__origin=this.node().name, body__about__id__in=[str(r) for r in theirs])
    return rows.filter(Q(own=True, owner=viewer.organisation) | asked)


def _load(
    viewer: Viewer, now: datetime, rows: QuerySet[Reading], *, one: UUID | None = None
) -> list[Introduction]:
    """The introductions that these interests began, with a number of queries that does not grow."""
    interests = list(rows.prefetch_related("passages"))
    if not interests:
        return []
    said = _said(now, interests)
    targets = _targets(viewer, now, interests)
    gone = history.taken_back(WORKER, {UUID(each.body["about"]["id"]) for each in interests})
    found = [_introduction(viewer, now, each, said[_key(each)], targets, gone) for each in interests]
    return [each for each in found if each is not None]


def _said(now: datetime, interests: Collection[Reading]) -> dict[Key, list[Reading]]:
    """What was said of each interest, confirmations of its outcomes too."""
    rows = records.conversation(WORKER, now).filter(kind__in=SAYINGS.keys() - {"interest"})
    if len(interests) == 1:
        (interest,) = interests
        direct = rows.filter(body__about__id=str(interest.record))
        outcomes = [str(id) for id in direct.filter(kind="outcome").values_list("record", flat=True)]
        rows = direct | rows.filter(body__about__id__in=outcomes)
    said: dict[Key, list[Reading]] = defaultdict(list)
    heard = list(rows.order_by("published_at", "pk"))
    wanted = {_key(each): _key(each) for each in interests}
    wanted |= {
        _key(each): wanted[_about(each)]
        for each in heard
        if each.kind == "outcome" and _about(each) in wanted
    }
    for each in heard:
        if _about(each) in wanted:
            said[wanted[_about(each)]].append(each)
    return said


def _targets(viewer: Viewer, now: datetime, interests: Iterable[Reading]) -> dict[Key, Reading]:
    ids = {UUID(each.body["about"]["id"]) for each in interests}
    rows = records.visible(viewer, now).filter(record__in=ids).prefetch_related("passages")
    return {_key(each): each for each in rows}


def _introduction(
    viewer: Viewer,
    now: datetime,
    interest: Reading,
    said: list[Reading],
    targets: dict[Key, Reading],
    gone: dict[tuple[str, str, UUID], datetime],
) -> Introduction | None:
    here, target = this.node().name, targets.get(_about(interest))
    way = _way(interest)
    lineage = way.agreement if way else ""
    back = gone.get(
        (lineage or _came_by(target), interest.body["about"]["origin"], UUID(_about(interest)[1]))
    )
    heard = [event for each in (interest, *said) if (event := _event(each))]
    state = derive.derive(_key(interest), heard, now, gone=back, ends=way.open_until if way else None)
    if state is None or here not in (state.asker, state.owner):
        return None
    side: Literal["asker", "owner"] = "asker" if interest.own else "owner"
    if side == "owner" and not viewer.is_manager and not _reached_owner(state):
        return None
    urgency = derive.urgency(state, now)
    part: Part = _CLUSTER[side] if viewer.is_manager else side
    return Introduction(
        state, interest, tuple(said), target, part, lineage, _clause(target, lineage), urgency
    )


_CLUSTER: dict[str, Part] = {"asker": "asker_cluster", "owner": "owner_cluster"}


def _reached_owner(state: State) -> bool:
    """The owner hears of it once its cluster has passed it on, or answered in its name."""
    return any(event.kind == "reply" for event in state.history)


def _event(reading: Reading) -> Event | None:
    gone = reading.own and reading.state not in SPOKEN
    at = reading.published_at or reading.changed_at
    return events.read(*_key(reading), reading.revision, reading.kind, reading.body, at, withdrawn=gone)


def _key(reading: Reading) -> Key:
    return reading.origin, str(reading.record)


def _about(reading: Reading) -> Key:
    return reading.body["about"]["origin"], reading.body["about"]["id"]


def _way(interest: Reading) -> Passage | None:
    return min(interest.passages.all(), key=lambda passage: passage.crossed_at, default=None)


def _came_by(target: Reading | None) -> str:
    return next((passage.agreement for passage in target.passages.all()), "") if target else ""


def _clause(target: Reading | None, lineage: str) -> str:
    ways = target.passages.all() if target else ()
    return next((passage.clause for passage in ways if passage.agreement == lineage), "")


def _sorted(found: list[Introduction]) -> list[Introduction]:
    """By the day that the next step is due, overdue ones first; then what is over, newest first."""
    live = [each for each in found if each.state.due]
    over = [each for each in found if not each.state.due]
    live.sort(key=lambda each: (each.state.due, each.key))
    over.sort(key=lambda each: (each.state.since, each.key), reverse=True)
    return [*live, *over]
