"""Dated, sourced figures of an enterprise, what is known of them, and their conversion between currencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction


class What(StrEnum):
    """What a figure says. STAFF and EMPLOYEES are two counts: each law has its own."""

    STAFF = "staff"  # annual work units, Art. 5 of the Annex to 2003/361/EC
    TURNOVER = "turnover"  # without value-added tax, Art. 4(1)
    BALANCE_SHEET = "balance_sheet"
    CAPITAL = "capital"  # 資本金の額又は出資の総額, SME Basic Act Art. 2(1)
    EMPLOYEES = "employees"  # 常時使用する従業員, as above
    SECTOR = "sector"
    LEGAL_FORM = "legal_form"


COUNTS = (What.STAFF, What.EMPLOYEES)
MONEY = (What.TURNOVER, What.BALANCE_SHEET, What.CAPITAL)
RATE_AGE = timedelta(days=365)


@dataclass(frozen=True)
class Evidence:
    """Where a figure can be read. `date` is YYYY, YYYY-MM or YYYY-MM-DD."""

    title: str
    date: str
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure as its source says it.

    `value` is a decimal string, or a code for sector and legal form. `unit` is a currency (ISO 4217) for
    money, else "". `period` is the day on which the accounting period closed, or on which a count held.
    `open`: whoever sees the organisation may see the figure.
    """

    what: What
    value: str
    unit: str
    period: date
    evidence: Evidence
    open: bool = True


@dataclass(frozen=True)
class Rate:
    """On that day, one `base` was worth `value` `quote`."""

    base: str
    quote: str
    value: str
    date: date
    evidence: Evidence


@dataclass(frozen=True)
class Span:
    """What is known of an amount: at least `low`, at most `high` (None: no limit known)."""

    low: Fraction = Fraction(0)
    high: Fraction | None = None

    def __add__(self, other: "Span") -> "Span":
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high)

    def times(self, factor: "Span") -> "Span":
        """Both are never negative, so ends meet ends; nothing times the unknown is nothing."""
        if factor.high == 0 or self.high == 0:
            return ZERO
        high = None if self.high is None or factor.high is None else self.high * factor.high
        return Span(self.low * factor.low, high)

    @property
    def known(self) -> bool:
        return self.low == self.high


ZERO = Span(Fraction(0), Fraction(0))
UNKNOWN = Span()


def exactly(value: str | int | Fraction) -> Span:
    return Span(Fraction(value), Fraction(value))


def rate_for(figure: Figure, currency: str, rates: Sequence[Rate]) -> Rate | None:
    """The newest rate, either way round, of the year up to the figure's day."""
    usable = [
        rate
        for rate in rates
        if {rate.base, rate.quote} == {figure.unit, currency}
        and figure.period - RATE_AGE < rate.date <= figure.period
    ]
    return max(usable, key=lambda rate: rate.date, default=None)


def converted(figure: Figure, rate: Rate) -> Fraction:
    """The figure's amount in the other currency of `rate`, exactly."""
    worth = Fraction(rate.value)
    return Fraction(figure.value) * worth if rate.base == figure.unit else Fraction(figure.value) / worth
