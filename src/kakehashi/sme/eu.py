"""The European Union's definition: Commission Recommendation 2003/361/EC, Annex.

Figures are those of the group. Every test gets easier as a figure gets smaller, so what is unknown is tried
twice: as small as it can be (best) and as large (worst). If both give one answer, no missing figure matters.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from kakehashi.sme.figures import UNKNOWN, Figure, Rate, Span, What, converted, exactly, rate_for
from kakehashi.sme.group import PARTNER_FROM, Holding, factors, public_bodies, public_share
from kakehashi.sme.results import Gap, Line, Missing, Part, Result, Size, Year

VERSION = "2003/361/EC"
SOURCE = {
    "de": "https://eur-lex.europa.eu/legal-content/DE/TXT/?uri=CELEX:32003H0361",
    "en": "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32003H0361",
}
NEEDED = (What.STAFF, What.TURNOVER, What.BALANCE_SHEET)
# Art. 2: fewer persons than the first; and turnover or balance sheet total at most, in euro.
CEILINGS: dict[Size, dict[What, int]] = {
    Size.MICRO: {What.STAFF: 10, What.TURNOVER: 2_000_000, What.BALANCE_SHEET: 2_000_000},
    Size.SMALL: {What.STAFF: 50, What.TURNOVER: 10_000_000, What.BALANCE_SHEET: 10_000_000},
    Size.MEDIUM: {What.STAFF: 250, What.TURNOVER: 50_000_000, What.BALANCE_SHEET: 43_000_000},
}
YEAR = timedelta(days=365)
APPROVAL = timedelta(days=549)  # accounts of a period closed longer ago than this should be there
ACCOUNTS_AGE = timedelta(days=549)  # how much older than ours a related enterprise's accounts may be


def assess(
    figures: Sequence[Figure], holdings: Sequence[Holding], rates: Sequence[Rate], today: date
) -> Result:
    """What the Recommendation says of the enterprise that `figures` describe, on `today`.

    Later figures in `figures` replace earlier ones of the same period. The first period on record sets the
    status; from then on it changes only when two periods in a row agree (Art. 4(2)).
    """
    closed = closings(figures, today)
    totals = [_totals(figures, holdings, rates, day) for day in closed]
    own = [(_size(total, best=True), _size(total, best=False)) for total in totals]
    status = list(zip(_statuses([b for b, _ in own]), _statuses([w for _, w in own]), strict=True))
    public = _public(holdings, today)
    best, worst = status[-1]
    best, worst = (
        best if public.at(best=True) else Size.LARGE,
        worst if public.at(best=False) else Size.LARGE,
    )
    # A status that is kept rests on the last period whose own figures gave it.
    place = max((i for i, sizes in enumerate(own) if sizes == status[-1]), default=len(own) - 1)
    lines = _lines(totals[place], public, min(worst, Size.MEDIUM))
    years = tuple(Year(*facts) for facts in zip(closed, own, status, strict=True))
    missing = _missing(closed, totals, own, public) if best != worst else ()
    return Result("eu", VERSION, best, worst, lines, closed[place], years, missing)


def closings(figures: Sequence[Figure], today: date) -> list[date]:
    """The ends of the accounting periods to look at, oldest first, with those nobody gave figures for.

    An estimate for a running period counts only where no closed one is known (Art. 4(3)).
    """
    given = {figure.period for figure in figures if figure.what in NEEDED}
    found = sorted({day for day in given if day <= today} or given)
    if not found:
        return [date(today.year - 1, 12, 31)]
    days = [found[0]]
    for day in found[1:]:
        days += _between(days[-1], day - APPROVAL)
        days.append(day)
    return days + _between(days[-1], today - APPROVAL - YEAR)


def _between(last: date, until: date) -> list[date]:
    """Yearly closings after `last` as long as one year earlier is not after `until`."""
    days: list[date] = []
    while last <= until:
        last = _next_year(last)
        days.append(last)
    return days


def _next_year(day: date) -> date:
    return date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _statuses(sizes: list[Size]) -> list[Size]:
    """Art. 4(2) period by period: the middle one of this period, the one before, and the status so far."""
    found = sizes[:1]
    for before, present in pairwise(sizes):
        found.append(sorted((before, present, found[-1]))[1])
    return found


def _size(totals: dict[What, Line], *, best: bool) -> Size:
    for size, ceilings in CEILINGS.items():
        staff, turnover, balance = (_against(totals[what], ceilings[what]).at(best=best) for what in NEEDED)
        if staff and (turnover or balance):
            return size
    return Size.LARGE


def _totals(
    figures: Sequence[Figure], holdings: Sequence[Holding], rates: Sequence[Rate], day: date
) -> dict[What, Line]:
    related = [(holding, factor) for holding, factor in factors(holdings, day) if factor.high != 0]
    totals = {}
    for what in NEEDED:
        own = next((f for f in reversed(figures) if f.what is what and f.period == day), None)
        parts = [_part("", own, rates, exactly(1))]
        for holding, factor in related:
            part = _part(holding.name, _latest(holding.figures, what, day), rates, factor)
            parts.append(replace(part, open=part.open and holding.open))
        total = parts[0].span
        for part in parts[1:]:
            total += part.span
        unit = "" if what is What.STAFF else "EUR"
        totals[what] = Line(what, total, Fraction(0), unit, strict=what is What.STAFF, parts=tuple(parts))
    return totals


def _latest(figures: Sequence[Figure], what: What, day: date) -> Figure | None:
    """The related enterprise's latest accounts on that day (Art. 6(3)), if they are not too old."""
    usable = [f for f in figures if f.what is what and day - ACCOUNTS_AGE < f.period <= day]
    return max(reversed(usable), key=lambda f: f.period, default=None)


def _part(name: str, figure: Figure | None, rates: Sequence[Rate], factor: Span) -> Part:
    """One enterprise's share in a total, with the reason if it is not known exactly."""
    if figure is None:
        return Part(name, UNKNOWN.times(factor), factor, gap="missing")
    rate = None if figure.unit in ("", "EUR") else rate_for(figure, "EUR", rates)
    if rate is None and figure.unit not in ("", "EUR"):
        return Part(name, UNKNOWN.times(factor), factor, figure, gap="no-rate", open=figure.open)
    amount = exactly(converted(figure, rate) if rate else figure.value)
    gap: Gap | None = None if factor.known else "share-unknown"
    return Part(name, amount.times(factor), factor, figure, rate, gap, figure.open)


def _against(total: Line, limit: int) -> Line:
    return replace(total, limit=Fraction(limit))


def _public(holdings: Sequence[Holding], today: date) -> Line:
    """Art. 3(4): below 25 % in public hands. No ceiling of Art. 2, so it holds from the day it is true."""
    parts = tuple(Part(h.name, h.percent, exactly(1), open=h.open) for h in public_bodies(holdings, today))
    return Line("public_share", public_share(holdings, today), PARTNER_FROM, "%", strict=True, parts=parts)


def _lines(totals: dict[What, Line], public: Line, size: Size) -> tuple[Line, ...]:
    """The tests of one class, those that settle it marked."""
    staff, *money = (_against(totals[what], CEILINGS[size][what]) for what in NEEDED)
    lines = [staff, *money, *([public] if public.span.high != 0 else [])]
    deciding = _deciding(staff, money, public)
    return tuple(replace(line, decides=line in deciding) for line in lines)


def _deciding(staff: Line, money: list[Line], public: Line) -> list[Line]:
    """The tests that settle the class: one that fails, or staff with the first of the two that holds."""
    for failed in ([public], [staff], money):
        if all(test.holds is False for test in failed):
            return failed
    enough = [test for test in money if test.holds]
    if staff.holds and enough and public.holds:
        return [staff, enough[0], public]
    return [test for test in (staff, *money, public) if test.holds is None]


def _missing(
    closed: list[date], totals: list[dict[What, Line]], own: list[tuple[Size, Size]], public: Line
) -> tuple[Missing, ...]:
    """What would have to be known, newest period first."""
    found = [Missing("public_share", "", None, "share-unknown")] if public.holds is None else []
    for day, total, (best, worst) in reversed(list(zip(closed, totals, own, strict=True))):
        if best != worst:
            found += [
                Missing(what, part.name, day, part.gap)
                for what, line in total.items()
                for part in line.parts
                if part.gap
            ]
    return tuple(found)
