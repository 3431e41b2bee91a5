"""What stands on the front page, as one viewer may see it."""

from dataclasses import dataclass
from datetime import datetime

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.terms import Standing, days_left
from kakehashi.newsroom.front import Line, Side, ledger, resting, sides
from kakehashi.node import Node
from kakehashi.records import queries as records
from kakehashi.records.models import Reading

NEW = 4


@dataclass(frozen=True)
class End:
    """One end of the bridge with what is new there."""

    side: Side
    new: list[Reading]


@dataclass(frozen=True)
class Front:
    """The bridge as it stands. `right` is None while there is no partner, `agreement` while none runs."""

    left: End
    right: End | None
    agreement: Standing | None
    others: int
    lines: list[Line]
    resting: list[tuple[Line, int | None]]
    days_left: int


def front(viewer: Viewer, node: Node, now: datetime) -> Front:
    """The bridge of the agreement that came into force first, else of the first partner."""
    running = agreements.running(viewer, now)
    agreement = running[0] if running else None
    here = Side(node.side, node.place, node.region_name, here=True)
    both = sides(
        here, agreement["parties"] if agreement else (), node.name, None if agreement else _partner(viewer)
    )
    ends = [End(side, records.newest(viewer, now, side=side.key, limit=NEW)) for side in both[:2]]
    lines: list[Line] = []
    if agreement:
        crossed = records.crossed(viewer, agreement["lineage"], now)
        lines = ledger(agreement["clauses"], crossed, left_is_here=both[0].here)
    return Front(
        left=ends[0],
        right=ends[1] if len(ends) > 1 else None,
        agreement=agreement,
        others=max(len(running) - 1, 0),
        lines=lines,
        resting=resting(lines, now),
        days_left=days_left(agreement["ends"], now) if agreement else 0,
    )


def _partner(viewer: Viewer) -> Side | None:
    """The first partner that the team has confirmed; others learn of a partner from the agreement."""
    if not viewer.is_staff:
        return None
    found = agreements.partners(viewer).filter(fingerprint_confirmed_at__isnull=False).first()
    return Side(found.side, found.place, found.region_name, here=False) if found else None
