"""Makes figures and holdings for the tests; each is named by what it says."""

from datetime import date
from typing import Any

from kakehashi.sme.figures import Evidence, Figure, Rate, What
from kakehashi.sme.group import Holding, Kind, Side

TODAY = date(2026, 11, 22)
CLOSED = date(2025, 12, 31)
REPORT = Evidence("Annual report", "2026-05-30", "https://example.org/report")


def figure(what: What, value: str | int, unit: str = "", period: date = CLOSED) -> Figure:
    return Figure(what, str(value), unit, period, REPORT)


def accounts(
    staff: str | int | None = None,
    turnover: str | int | None = None,
    balance: str | int | None = None,
    period: date = CLOSED,
    currency: str = "EUR",
) -> tuple[Figure, ...]:
    """The three European figures of one period; None is left out."""
    rows = [
        (What.STAFF, staff, ""),
        (What.TURNOVER, turnover, currency),
        (What.BALANCE_SHEET, balance, currency),
    ]
    return tuple(figure(what, value, unit, period) for what, value, unit in rows if value is not None)


def company(
    capital: str | int | None = None,
    employees: int | None = None,
    sector: str | None = None,
    form: str | None = "company",
    currency: str = "JPY",
) -> tuple[Figure, ...]:
    """The Japanese figures."""
    rows = [
        (What.CAPITAL, capital, currency),
        (What.EMPLOYEES, employees, ""),
        (What.SECTOR, sector, ""),
        (What.LEGAL_FORM, form, ""),
    ]
    return tuple(figure(what, value, unit) for what, value, unit in rows if value is not None)


def held(share: str | None, *figures: Figure, kind: Kind = Kind.ENTERPRISE, **facts: Any) -> Holding:
    """Somebody who holds that share of us."""
    facts.setdefault("side", Side.ABOVE)
    return Holding(
        facts.pop("name", "Parent"), kind=kind, evidence=REPORT, share=share, figures=figures, **facts
    )


def rate(value: str, day: date = CLOSED, base: str = "EUR", quote: str = "JPY") -> Rate:
    return Rate(base, quote, value, day, REPORT)
