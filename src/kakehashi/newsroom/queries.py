"""What stands on the front page, as one viewer may see it."""

from dataclasses import dataclass
from datetime import datetime

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.coverage import Coverage, coverage
from kakehashi.agreements.terms import Standing, State, days_left
from kakehashi.introductions import queries as introductions
from kakehashi.matching import queries as matching
from kakehashi.matching.models import Match
from kakehashi.newsroom.front import Side, sides
from kakehashi.node import Node
from kakehashi.records import queries as records
from kakehashi.records.lifecycle import State as RecordState
from kakehashi.records.models import Reading

NEW = 4
BEST = 3


@dataclass(frozen=True)
class End:
    """One end of the bridge with what is new there."""

    side: Side
    new: list[Reading]


@dataclass(frozen=True)
class Line:
    """One clause of the ledger with what the left and the right end have given under it."""

    clause: Coverage
    left: int
    right: int


@dataclass(frozen=True)
class Front:
    """The bridge as it stands. `right` is None while there is no partner, `agreement` while none runs."""

    left: End
    right: End | None
    agreement: Standing | None
    others: int
    lines: list[Line]
    days_left: int


@dataclass(frozen=True)
class Desk:
    """What waits for the person who looks: records to review, own drafts, proposals without our signature.

    `introductions`: whether there may be any for that person; they are counted after the page is shown.
    """

    reviews: int
    drafts: int
    proposals: int
    introductions: bool


def desk(viewer: Viewer, node: Node, now: datetime) -> Desk | None:
    """Only for the cluster's own people; members count their organisation's records, staff all."""
    if not viewer.is_member:
        return None
    own = records.own_readings(viewer, now)
    proposed = agreements.agreements(viewer).filter(state=State.PROPOSED).exclude(proofs__node=node.name)
    return Desk(
        reviews=own.filter(state=RecordState.IN_REVIEW).count(),
        drafts=own.filter(state=RecordState.DRAFT).count(),
        proposals=proposed.count() if viewer.is_manager else 0,
        introductions=introductions.has_a_part(viewer),
    )


@dataclass(frozen=True)
class Best:
    """The best matches of the bridge, and how many of all records have been matched so far."""

    matches: list[Match]
    done: int
    all: int


def best(viewer: Viewer, now: datetime) -> Best:
    """What fits together best among the records that the viewer may see on both sides."""
    work = matching.progress()
    return Best(matching.best_pairs(viewer, BEST, now), work.matched, work.readings)


def front(viewer: Viewer, node: Node, now: datetime) -> Front:
    """The bridge of the agreement that came into force first, else of the first partner."""
    running = agreements.running(viewer, now)
    agreement = running[0] if running else None
    here = Side(node.side, node.place, node.region_name, here=True)
    partner = None if agreement else _partner(viewer)
    both = sides(here, agreement["parties"] if agreement else (), node.name, partner)
    ends = [End(side, records.newest(viewer, now, side=side.key, limit=NEW)) for side in both]
    return Front(
        left=ends[0],
        right=ends[1] if len(ends) > 1 else None,
        agreement=agreement,
        others=max(len(running) - 1, 0),
        lines=_ledger(viewer, agreement, both, now) if agreement else [],
        days_left=days_left(agreement["ends"], now) if agreement else 0,
    )


def _ledger(viewer: Viewer, agreement: Standing, both: list[Side], now: datetime) -> list[Line]:
    """What each of the two ends has given, clause by clause."""
    crossed = agreements.evidence(viewer, agreement, now)
    lines = []
    for clause in coverage(agreement, crossed, now):
        left, right = (sum(g.count for g in clause.given if g.side == side.key) for side in both)
        lines.append(Line(clause, left, right))
    return lines


def _partner(viewer: Viewer) -> Side | None:
    """The first partner that the team has confirmed; others learn of a partner from the agreement."""
    if not viewer.is_staff:
        return None
    found = agreements.partners(viewer).filter(fingerprint_confirmed_at__isnull=False).first()
    return Side(found.side, found.place, found.region_name, here=False) if found else None
