"""Evidence per clause: what has crossed under it each way, and since when nothing has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kakehashi.agreements.clauses import SERVES_ALL
from kakehashi.agreements.terms import Standing

IDLE_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Given:
    """What one side has given."""

    side: str
    place: dict[str, str]
    count: int


@dataclass(frozen=True)
class Coverage:
    """One clause and its evidence. `counted` is False where no kind of record fulfils it by itself.

    Then `companies` are the readings of those whose records are counted, the most records first.
    """

    id: str
    number: int
    title: dict[str, str]
    text: dict[str, str]
    kinds: list[str]
    given: list[Given]
    last: datetime | None
    idle_days: int | None
    counted: bool
    companies: list[Any]

    @property
    def total(self) -> int:
        return sum(given.count for given in self.given)

    @property
    def still(self) -> bool:
        """Nothing has crossed, or not for a month."""
        return self.last is None or self.idle_days is not None


def coverage(agreement: Standing, crossed: Iterable[Mapping[str, Any]], now: datetime) -> list[Coverage]:
    """All clauses in order. `crossed`: rows of `agreements.queries.evidence`, counted on this node."""
    rows = list(crossed)
    return [
        _covered(clause, number, agreement, [row for row in rows if row["clause"] == clause["id"]], now)
        for number, clause in enumerate(agreement["clauses"], 1)
    ]


def _covered(
    clause: Mapping[str, Any], number: int, agreement: Standing, rows: list[Mapping[str, Any]], now: datetime
) -> Coverage:
    kinds = own_kinds(agreement, clause["id"])
    last = max((row["last"] for row in rows), default=None)
    idle = (now - last).days if last and now - last > IDLE_AFTER else None
    given = [
        Given(
            party["side"], party["place"], sum(row["count"] for row in rows if row["side"] == party["side"])
        )
        for party in agreement["parties"]
    ]
    companies = [row["company"] for row in sorted(rows, key=_most) if "company" in row]
    return Coverage(
        id=clause["id"],
        number=number,
        title=clause["title"],
        text=clause["text"],
        kinds=kinds,
        given=given,
        last=last,
        idle_days=idle,
        counted=bool(kinds),
        companies=companies,
    )


def _most(row: Mapping[str, Any]) -> tuple[int, str]:
    return -row["count"], row["side"]


def own_kinds(agreement: Standing, clause: str) -> list[str]:
    """The kinds of record that fulfil a clause; what serves all clauses is no evidence for one."""
    granted = [kind for grant in agreement["grants"] if clause in grant["clauses"] for kind in grant["kinds"]]
    return [kind for kind in dict.fromkeys(granted) if kind not in SERVES_ALL]


@dataclass(frozen=True)
class Cell:
    """What one party grants for some kinds, as it stands in one grant."""

    clauses: tuple[str, ...]
    tlp_max: str
    onward: str
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    person: bool


@dataclass(frozen=True)
class Row:
    """Kinds that are granted alike; for each party as sender its side and its grants, mostly one or none."""

    kinds: tuple[str, ...]
    cells: tuple[tuple[str, tuple[Cell, ...]], ...]

    @property
    def levels(self) -> list[tuple[str, str]]:
        """(side, highest level); one entry with side "" where all sides are alike."""
        return _merged([(side, cell.tlp_max) for side, cells in self.cells for cell in cells])

    @property
    def onward(self) -> list[tuple[str, str]]:
        """(side, passing on), likewise."""
        return _merged([(side, cell.onward) for side, cells in self.cells for cell in cells])


def grant_table(agreement: Standing) -> list[Row]:
    """What may cross, kind by kind; neighbours that are granted alike share a row."""
    kinds = dict.fromkeys(kind for grant in agreement["grants"] for kind in grant["kinds"])
    rows: list[Row] = []
    for kind in kinds:
        cells = tuple(
            (party["side"], _cells(agreement, party["node"], kind)) for party in agreement["parties"]
        )
        if rows and rows[-1].cells == cells:
            rows[-1] = Row((*rows[-1].kinds, kind), cells)
        else:
            rows.append(Row((kind,), cells))
    return rows


def _cells(agreement: Standing, node: str, kind: str) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            clauses=tuple(grant["clauses"]),
            tlp_max=grant["tlp_max"],
            onward=grant["onward"],
            topics=tuple(grant["topics"]),
            regions=tuple(grant["regions"]),
            person="person" in grant["parts"],
        )
        for grant in agreement["grants"]
        if grant["from"] == node and kind in grant["kinds"]
    )


def _merged(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", pairs[0][1])] if len({value for _, value in pairs}) == 1 else list(dict.fromkeys(pairs))
