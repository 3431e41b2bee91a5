"""Counting without counting twice: the first gift of each record, then only what falls into the period."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from operator import attrgetter
from typing import Protocol, TypeVar
from uuid import UUID

from kakehashi.reports.period import Period


class Gift(Protocol):
    """One record as it stands in one log."""

    @property
    def origin(self) -> str: ...
    @property
    def record(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def lineage(self) -> str: ...
    @property
    def at(self) -> datetime: ...


G = TypeVar("G", bound=Gift)


@dataclass(frozen=True)
class Choice:
    """Which of the gifts a number counts; what is empty does not narrow."""

    origin: str = ""
    kind: str = ""
    clause: str = ""
    lineage: str = ""

    def takes(self, gift: Gift) -> bool:
        return (
            self.kind in ("", gift.kind)
            and self.clause in ("", gift.clause)
            and self.lineage in ("", gift.lineage)
            and self.origin in ("", gift.origin)
        )


def chosen(gifts: Iterable[G], choice: Choice, period: Period) -> list[G]:
    """The gifts behind one number, oldest first: each record once, however often and under however many
    agreements it was given; it counts on the day when it was first given under what is chosen.

    A record that was given before the period does not count again when it is revised in it.
    """
    return _firsts(filter(choice.takes, gifts), period)


def _firsts(gifts: Iterable[G], period: Period) -> list[G]:
    first: dict[tuple[str, UUID], G] = {}
    for gift in sorted(gifts, key=attrgetter("at", "origin", "record", "lineage")):
        first.setdefault((gift.origin, gift.record), gift)
    return [gift for gift in first.values() if period.holds(gift.at)]


@dataclass(frozen=True)
class Line:
    """One line of the report: what the left and the right side gave, and the choice that finds it again."""

    choice: Choice
    left: int
    right: int
    last: datetime | None = None

    @property
    def total(self) -> int:
        return self.left + self.right


def line(gifts: Sequence[Gift], choice: Choice, nodes: tuple[str, str], period: Period) -> Line:
    """Both sides' numbers of one choice. `last` is the last gift of either side up to the period's end."""
    taken = [gift for gift in gifts if choice.takes(gift)]
    given = Counter(gift.origin for gift in _firsts(taken, period))
    left, right = (given[node] for node in nodes)
    return Line(choice, left, right, max((g.at for g in taken if g.at < period.until), default=None))


def percentages(left: int, right: int) -> tuple[int, int] | None:
    """Each side's part of what crossed in whole per cent, together 100; None where nothing crossed."""
    if not left + right:
        return None
    part = round(Fraction(100 * left, left + right))
    return part, 100 - part
