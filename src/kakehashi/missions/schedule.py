"""What a schedule of one-to-one talks is, what it is worth, and an independent check of any schedule.

Time is a number of slots: in one slot a company, a table and an interpreter each have one talk at most.
`missions/solve.py` computes schedules; nothing here knows how, so that `conflicts` can judge its work.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]  # a company of the host's side and one of a guest's, or of two guests'

PRIORITIES = (1, 2, 3)  # nice, important, the reason to come
MUTUAL = 2  # a wish that both have counts so many times
SECONDS = 40.0  # that the solver gets
FIRST = 4  # worth of a company's first talk: nobody travels for nothing


@dataclass(frozen=True)
class Company:
    """A participant. `languages` are BCP 47 tags, `away` the slots without it, `most` its limit of talks.

    `side`: the node that a guest comes from; guests of two partners may meet, those of one do not.
    """

    id: str
    guest: bool
    languages: frozenset[str] = frozenset()
    away: frozenset[int] = frozenset()
    most: int = 0  # 0: as many as there are slots
    side: str = ""

    @property
    def rank(self) -> tuple[bool, str]:
        """The host's side comes first in a pair, then guests by their nodes; two of one rank do not meet."""
        return self.guest, self.side if self.guest else ""


@dataclass(frozen=True)
class Wish:
    """That company `by` wants to meet company `of` of the other side; `priority` is one of PRIORITIES."""

    by: str
    of: str
    priority: int = 2


@dataclass(frozen=True)
class Table:
    """A room or a table: one talk at a time."""

    id: str
    away: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Interpreter:
    """Goes between any two of its `languages`."""

    id: str
    languages: frozenset[str]
    away: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Talk:
    """One talk: `host` and `guest` are companies. `interpreter` is "" if there is none; `fixed` by hand."""

    host: str
    guest: str
    slot: int
    table: str
    interpreter: str = ""
    fixed: bool = False

    @property
    def pair(self) -> Pair:
        return self.host, self.guest


@dataclass(frozen=True)
class Task:
    """All that a schedule is computed from; `fixed` talks stay as they are, whatever stands against them."""

    slots: int
    companies: tuple[Company, ...]
    wishes: tuple[Wish, ...] = ()
    tables: tuple[Table, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    fixed: tuple[Talk, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Company]:
        return {company.id: company for company in self.companies}

    @cached_property
    def interpreter_by_id(self) -> dict[str, Interpreter]:
        return {interpreter.id: interpreter for interpreter in self.interpreters}

    @cached_property
    def worth(self) -> dict[Pair, int]:
        """What each wished-for talk is worth: the priorities together, MUTUAL times if both want it."""
        wanted: defaultdict[Pair, dict[str, int]] = defaultdict(dict)
        for wish in self.wishes:
            pair = self.pair(wish.by, wish.of)
            if pair:
                wanted[pair][wish.by] = max(wish.priority, wanted[pair].get(wish.by, 0))
        return {
            pair: sum(both.values()) * (MUTUAL if len(both) == 2 else 1)
            for pair, both in sorted(wanted.items())
        }

    def pair(self, one: str, other: str) -> Pair | None:
        """The two in their order; None unless they are of different sides."""
        first, second = self.by_id.get(one), self.by_id.get(other)
        if first is None or second is None or first.rank == second.rank:
            return None
        return (other, one) if first.rank > second.rank else (one, other)

    def needs_interpreter(self, pair: Pair) -> bool:
        """True for two companies without a language in common."""
        return not self.by_id[pair[0]].languages & self.by_id[pair[1]].languages

    def can_interpret(self, interpreter: Interpreter, pair: Pair) -> bool:
        return all(interpreter.languages & self.by_id[company].languages for company in pair)


@dataclass(frozen=True)
class Schedule:
    """Talks with what they are `value`d at, and the proven `bound`: none of this task is worth more."""

    talks: tuple[Talk, ...]
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """How far the value may be from the best possible one, from 0 (proven best) to 1."""
        return (self.bound - self.value) / self.bound if self.bound > self.value else 0.0


@dataclass(frozen=True)
class Conflict:
    """Something that a talk breaks: a code of missions/labels.py, and the company, table or interpreter."""

    code: str
    talk: Talk
    about: str = ""


def value(task: Task, talks: Iterable[Talk]) -> int:
    """What the talks fulfil of the wishes, and FIRST for each company that has one."""
    met = list(talks)
    pairs = {talk.pair for talk in met}
    return sum(task.worth.get(pair, 0) for pair in pairs) + FIRST * len({c for pair in pairs for c in pair})


def conflicts(task: Task, talks: Iterable[Talk]) -> list[Conflict]:
    """All that stands against a schedule, in the order of its talks; empty if it can be held."""
    ordered = sorted(talks, key=lambda talk: (talk.slot, talk.table, talk.pair))
    crowds = (
        Counter((talk.slot, company) for talk in ordered for company in talk.pair),
        Counter((talk.slot, talk.table) for talk in ordered),
        Counter((talk.slot, talk.interpreter) for talk in ordered if talk.interpreter),
    )
    totals = Counter(company for talk in ordered for company in talk.pair)
    pairs = Counter(talk.pair for talk in ordered)
    found: list[Conflict] = []
    for talk in ordered:
        if not 0 <= talk.slot < task.slots:
            found.append(Conflict("slot-unknown", talk))
        if not all(company in task.by_id for company in talk.pair):
            found.append(Conflict("company-unknown", talk))
            continue
        if task.pair(*talk.pair) != talk.pair:
            found.append(Conflict("same-side", talk))
        if pairs[talk.pair] > 1:
            found.append(Conflict("pair-twice", talk))
        found += _companies(task, talk, crowds[0], totals)
        found += _table(task, talk, crowds[1])
        found += _interpreter(task, talk, crowds[2])
    return found


def _companies(
    task: Task, talk: Talk, crowd: Counter[tuple[int, str]], totals: Counter[str]
) -> Iterator[Conflict]:
    for company in talk.pair:
        known = task.by_id[company]
        if crowd[talk.slot, company] > 1:
            yield Conflict("company-twice", talk, company)
        if talk.slot in known.away:
            yield Conflict("company-away", talk, company)
        if known.most and totals[company] > known.most:
            yield Conflict("company-too-many", talk, company)


def _table(task: Task, talk: Talk, crowd: Counter[tuple[int, str]]) -> Iterator[Conflict]:
    table = next((table for table in task.tables if table.id == talk.table), None)
    if table is None:
        yield Conflict("table-unknown", talk, talk.table)
    elif talk.slot in table.away:
        yield Conflict("table-away", talk, talk.table)
    if crowd[talk.slot, talk.table] > 1:
        yield Conflict("table-twice", talk, talk.table)


def _interpreter(task: Task, talk: Talk, crowd: Counter[tuple[int, str]]) -> Iterator[Conflict]:
    if not talk.interpreter:
        if task.needs_interpreter(talk.pair):
            yield Conflict("interpreter-missing", talk)
        return
    known = task.interpreter_by_id.get(talk.interpreter)
    if known is None:
        yield Conflict("interpreter-unknown", talk, talk.interpreter)
        return
    if talk.slot in known.away:
        yield Conflict("interpreter-away", talk, known.id)
    if not task.can_interpret(known, talk.pair):
        yield Conflict("interpreter-language", talk, known.id)
    if crowd[talk.slot, known.id] > 1:
        yield Conflict("interpreter-twice", talk, known.id)
