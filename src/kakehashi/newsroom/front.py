"""What the front page says of the bridge: its two sides, what crossed under each clause, and what rests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

Words: TypeAlias = Mapping[str, str]

IDLE_AFTER = timedelta(days=30)
UNCOUNTED = ("organisation",)  # organisations accompany the records that name them


@dataclass(frozen=True)
class Side:
    """One end of the bridge. `key` chooses the colour; `here` is true on that side's own node."""

    key: str
    place: Words
    region: Words
    here: bool


@dataclass(frozen=True)
class Line:
    """One clause of the ledger: how many records the left and the right side have given, and when last."""

    clause: str
    number: int
    title: Words
    left: int
    right: int
    last: datetime | None


def sides(
    here: Side, parties: Sequence[Mapping[str, Any]], own_node: str, partner: Side | None
) -> tuple[Side, ...]:
    """The ends in the order in which the agreement names them; without one, this node and its partner."""
    if parties:
        return tuple(
            Side(party["side"], party["place"], party["region_name"], party["node"] == own_node)
            for party in parties
        )
    return (here, partner) if partner else (here,)


def ledger(
    clauses: Sequence[Mapping[str, Any]], crossed: Iterable[Mapping[str, Any]], *, left_is_here: bool
) -> list[Line]:
    """One line a clause; `crossed` are rows of `records.queries.crossed`."""
    rows = [row for row in crossed if row["kind"] not in UNCOUNTED]
    lines = []
    for number, clause in enumerate(clauses, 1):
        mine = [row for row in rows if row["clause"] == clause["id"]]
        given = sum(row["count"] for row in mine if not row["received"])
        received = sum(row["count"] for row in mine if row["received"])
        left, right = (given, received) if left_is_here else (received, given)
        last = max((row["last"] for row in mine if row["last"]), default=None)
        lines.append(Line(clause["id"], number, clause["title"], left, right, last))
    return lines


def resting(lines: Sequence[Line], now: datetime) -> list[tuple[Line, int | None]]:
    """The clauses that rest, with the days since the last crossing; None where nothing ever crossed."""
    return [
        (line, (now - line.last).days if line.last else None)
        for line in lines
        if line.last is None or now - line.last > IDLE_AFTER
    ]
