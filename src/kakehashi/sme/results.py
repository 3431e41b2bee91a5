"""What a law says of an organisation, and the lines that decide it, as data for any reader's language."""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias

from kakehashi.sme.figures import UNKNOWN, ZERO, Figure, Rate, Span, What


class Answer(StrEnum):
    """Is it an SME?"""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"


class Size(IntEnum):
    """Classes in rising order. Japan has no MICRO; its small enterprises are SMALL, its other SMEs MEDIUM."""

    MICRO = 1
    SMALL = 2
    MEDIUM = 3
    LARGE = 4


Gap: TypeAlias = Literal["missing", "no-rate", "share-unknown", "too-old"]


@dataclass(frozen=True)
class Part:
    """What one enterprise adds to a line. `name` is "" for the organisation itself.

    `factor` is how much of its figure counts; `gap` says why the amount is not known exactly.
    """

    name: str
    span: Span
    factor: Span
    figure: Figure | None = None
    rate: Rate | None = None
    gap: Gap | None = None
    open: bool = True


@dataclass(frozen=True)
class Line:
    """One test of the law: `what` measured against `limit`; `holds` is None while it is open.

    `strict`: the limit itself is already too much. `code` is the value where a test is of sector or form.
    """

    what: str
    span: Span
    limit: Fraction
    unit: str
    strict: bool
    parts: tuple[Part, ...] = ()
    decides: bool = False
    code: str = ""
    hidden: bool = False

    @property
    def open(self) -> bool:
        """True if whoever sees the organisation may see all that this line rests on."""
        return all(part.open for part in self.parts)

    @property
    def holds(self) -> bool | None:
        best, worst = self.at(best=True), self.at(best=False)
        return best if best == worst else None

    def at(self, *, best: bool) -> bool:
        """Whether the test holds if everything unknown turns out as small, or as large, as it can be."""
        value = self.span.low if best else self.span.high
        if value is None:
            return False
        return value < self.limit if self.strict else value <= self.limit

    def hide(self) -> "Line":
        """The same verdict without any amount, name or source."""
        beyond = Span(self.limit + 1)
        verdicts = {True: ZERO, False: beyond, None: UNKNOWN}
        return replace(self, span=verdicts[self.holds], parts=(), code="", hidden=True)


@dataclass(frozen=True)
class Year:
    """One accounting period: class by its own figures, and status that follows; best and worst case each."""

    closed: date
    own: tuple[Size, Size]
    status: tuple[Size, Size]


@dataclass(frozen=True)
class Missing:
    """A figure that is needed: whose ("" is the organisation itself), for which day, and what is wrong."""

    what: What | Literal["share", "public_share"]
    name: str
    period: date | None
    gap: Gap


@dataclass(frozen=True)
class Result:
    """What one law says. `best` and `worst` are the classes that the missing figures leave possible.

    `period` is the day that `lines` speak of: the accounting period, or the newest figure, that decides.
    """

    regime: Literal["eu", "jp"]
    version: str
    best: Size
    worst: Size
    lines: tuple[Line, ...]
    period: date | None = None
    years: tuple[Year, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def answer(self) -> Answer:
        if self.worst < Size.LARGE:
            return Answer.YES
        return Answer.NO if self.best == Size.LARGE else Answer.UNDETERMINED

    @property
    def size(self) -> Size | None:
        """The class, where it is settled."""
        return self.best if self.best == self.worst else None

    @property
    def kept(self) -> bool:
        """True if the latest figures alone would say something else (2003/361/EC, Annex, Art. 4(2))."""
        if not self.years or self.size is None or self.years[-1].status != (self.best, self.worst):
            return False
        return self.years[-1].own != self.years[-1].status
