"""Reads of the report: the gifts of both logs, and what each number was counted from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.coverage import own_kinds
from kakehashi.agreements.terms import Standing
from kakehashi.errors import NotFound
from kakehashi.exchange import given
from kakehashi.exchange.given import Head, Put
from kakehashi.node import Node
from kakehashi.records import queries as records
from kakehashi.records.kinds import KINDS
from kakehashi.records.models import Reading
from kakehashi.reports.benefit import Participation, participations
from kakehashi.reports.outcomes import Outcomes, outcomes
from kakehashi.reports.period import Period
from kakehashi.reports.tally import Choice, Line, chosen, line, percentages
from kakehashi.sme import queries as sme

Words = dict[str, str]


@dataclass(frozen=True)
class Side:
    """One end of the bridge. `key` chooses the colour; `here` is true on that side's own node."""

    node: str
    key: str
    place: Words
    region: Words
    here: bool


@dataclass(frozen=True)
class Bridge:
    """Two nodes and all agreements that are or were in force between them, the oldest first."""

    left: Side
    right: Side
    agreements: list[Standing]

    @property
    def nodes(self) -> tuple[str, str]:
        return self.left.node, self.right.node

    @property
    def partner(self) -> str:
        return self.right.node if self.left.here else self.left.node

    @property
    def lineages(self) -> list[str]:
        return [each["lineage"] for each in self.agreements]


@dataclass(frozen=True)
class Clause:
    """One clause of one agreement and what was given under it. `counted`: some kind of record fulfils it."""

    agreement: str
    number: int
    id: str
    title: Words
    counted: bool
    line: Line


@dataclass(frozen=True)
class Report:
    """One bridge in one period, as one viewer may see it. `travelled`: companies, once for each mission."""

    bridge: Bridge
    period: Period
    kinds: list[tuple[str, Line]]
    all: Line
    parts: tuple[int, int] | None
    clauses: list[Clause]
    companies: Participation
    travelled: Participation
    came: Outcomes
    heads: list[Head]

    @property
    def most(self) -> int:
        """The largest number of one side and kind: the length of the longest bar."""
        return max(max(line.left, line.right) for _kind, line in self.kinds)

    @property
    def idle(self) -> list[Clause]:
        """The clauses that some kind of record could have fulfilled and none did."""
        return [clause for clause in self.clauses if clause.counted and not clause.line.total]


def bridges(viewer: Viewer, node: Node) -> list[Bridge]:
    """One per partner with whom an agreement is or was in force, in the order of the first of them."""
    found: dict[tuple[str, str], list[Standing]] = {}
    sides: dict[tuple[str, str], tuple[Side, Side]] = {}
    rows = agreements.agreements(viewer).filter(activated_at__isnull=False).order_by("activated_at", "hash")
    for lineage in dict.fromkeys(rows.values_list("lineage", flat=True)):
        standing = agreements.current(viewer, lineage)
        ends = [_side(party, node.name) for party in standing["parties"]]
        for other in ends:
            if not other.here and any(end.here for end in ends):
                pair = tuple(end for end in ends if end.here or end is other)
                nodes = (pair[0].node, pair[1].node)
                key = (min(nodes), max(nodes))
                sides.setdefault(key, (pair[0], pair[1]))
                found.setdefault(key, []).append(standing)
    return [Bridge(*sides[key], standings) for key, standings in found.items()]


def bridge(viewer: Viewer, node: Node, partner: str) -> Bridge:
    """The bridge to one partner, or to the first; NotFound if there is none."""
    return bridge_to(partner, bridges(viewer, node))


def bridge_to(partner: str, every: Iterable[Bridge]) -> Bridge:
    """Of these the one to the partner, or the first; NotFound if there is none."""
    found = [each for each in every if partner in ("", each.partner)]
    if not found:
        raise NotFound(f"no agreement with {partner or 'anybody'}")
    return found[0]


def _side(party: dict[str, object], own: str) -> Side:
    return Side(party["node"], party["side"], party["place"], party["region_name"], party["node"] == own)  # type: ignore[arg-type]


def gifts(viewer: Viewer, bridge: Bridge) -> list[Put]:
    """All records of content that either side has given the other; the conversation about them is not."""
    return [put for put in given.first_puts(viewer, bridge.lineages, bridge.nodes) if put.kind in KINDS]


def report(viewer: Viewer, bridge: Bridge, period: Period, now: datetime) -> Report:
    """All numbers of one period; each can be found again by `evidence` with the choice that it carries."""
    puts = gifts(viewer, bridge)
    whole = line(puts, Choice(), bridge.nodes, period)
    came = outcomes(viewer, bridge.nodes, bridge.lineages, period, now)
    companies, travelled = _companies(viewer, chosen(puts, Choice(), period), came.participations, now)
    return Report(
        bridge=bridge,
        period=period,
        kinds=[(kind, line(puts, Choice(kind=kind), bridge.nodes, period)) for kind in KINDS],
        all=whole,
        parts=percentages(whole.left, whole.right),
        clauses=_clauses(puts, bridge, period),
        companies=companies,
        travelled=travelled,
        came=came,
        heads=given.heads(bridge.lineages, bridge.nodes),
    )


def _clauses(puts: Sequence[Put], bridge: Bridge, period: Period) -> list[Clause]:
    return [
        Clause(
            agreement=standing["hash"],
            number=number,
            id=clause["id"],
            title=clause["title"],
            counted=bool(own_kinds(standing, clause["id"])),
            line=line(puts, Choice(clause=clause["id"], lineage=standing["lineage"]), bridge.nodes, period),
        )
        for standing in bridge.agreements
        for number, clause in enumerate(standing["clauses"], 1)
    ]


def behind(viewer: Viewer, bridge: Bridge, period: Period, choice: Choice) -> list[Put]:
    """What one number was counted from, oldest first: as many rows as the number says."""
    return chosen(gifts(viewer, bridge), choice, period)


def with_records(viewer: Viewer, puts: Sequence[Put], now: datetime) -> list[tuple[Put, Reading | None]]:
    """Each with its record, where that may still be read."""
    seen = _readings(viewer, puts, now)
    return [(put, seen.get((put.origin, put.record))) for put in puts]


def _companies(
    viewer: Viewer, puts: Iterable[Put], travelled: Sequence[tuple[str, str]], now: datetime
) -> tuple[Participation, Participation]:
    """The companies whose records were given or that took part in missions, each once; then the latter,
    once for each mission."""
    owners = records.owners(viewer, now, ((put.origin, put.record) for put in puts))
    owners |= {UUID(record) for _node, record in travelled}
    found = records.companies(viewer, now, owners)
    statuses = sme.statuses(viewer, found, now) if found else {}
    by_key = {(row.origin, str(row.record)): row for row in found}
    again = [by_key[key] for key in travelled if key in by_key]
    return participations(statuses, found), participations(statuses, again)


def _readings(viewer: Viewer, puts: Iterable[Put], now: datetime) -> dict[tuple[str, UUID], Reading]:
    wanted = {(put.origin, put.record) for put in puts}
    rows = records.by_record(viewer, now, {record for _, record in wanted})
    return {(row.origin, row.record): row for row in rows if (row.origin, row.record) in wanted}
