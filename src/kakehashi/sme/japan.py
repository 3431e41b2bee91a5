"""Japan's definition: Small and Medium-sized Enterprise Basic Act (Act No. 154 of 1963), Art. 2(1) and 2(5).

It looks at the company alone, without its group, on the day of asking; one of capital and regular employees
is enough. As in `eu`, what is unknown is tried as small and as large as it can be.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from kakehashi.sme.figures import UNKNOWN, Figure, Rate, What, converted, exactly, rate_for
from kakehashi.sme.jsic import Sector, sector_of
from kakehashi.sme.results import Gap, Line, Missing, Part, Result, Size

VERSION = "1963/154, 1999/146"  # the Act, and the one that set the present limits
SOURCE = {"ja": "https://laws.e-gov.go.jp/law/338AC0000000154"}
# Capital in yen, regular employees, and regular employees of a small enterprise: at most.
LIMITS: dict[Sector, tuple[int, int, int]] = {
    Sector.OTHER: (300_000_000, 300, 20),
    Sector.WHOLESALE: (100_000_000, 100, 5),
    Sector.SERVICES: (50_000_000, 100, 5),
    Sector.RETAIL: (50_000_000, 50, 5),
}
WIDEST, NARROWEST = Sector.OTHER, Sector.RETAIL  # no sector lies outside these two, whatever the figure
OLDEST = timedelta(days=3 * 365)


class Form(StrEnum):
    """The Act knows companies and individuals; nobody else can be an SME by it."""

    COMPANY = "company"
    INDIVIDUAL = "individual"
    OTHER = "other"


def assess(figures: Sequence[Figure], rates: Sequence[Rate], today: date) -> Result:
    """What the Act says of the company that `figures` describe, on `today`.

    Amounts and counts older than three years do not count, form and sector hold until they are said anew.
    Later figures in `figures` replace earlier ones of the same day.
    """
    form, sector = (_newest(figures, what, today) for what in (What.LEGAL_FORM, What.SECTOR))
    capital, employees = _capital(figures, rates, today), _employees(figures, today)
    # An individual lies between a company and anything else, as the other sectors do between these two.
    forms = [Form(form.value)] if form else [Form.COMPANY, Form.OTHER]
    known = sector_of(sector.value) if sector else None
    sectors = [known] if known else [WIDEST, NARROWEST]
    best = _size(forms[0], sectors[0], capital, employees, best=True)
    worst = _size(forms[-1], sectors[-1], capital, employees, best=False)
    facts = [_fact(What.LEGAL_FORM, form), _fact(What.SECTOR, sector if known else None)]
    shown = sectors[0] if best == Size.LARGE else sectors[-1]
    tests = [_small(shown, employees), *_tests(forms[0], shown, capital, employees)]
    lines = _decided(facts, tests, best, worst)
    used = [part.figure.period for line in tests for part in line.parts if part.figure]
    missing = _missing(facts, tests, _sector_matters(forms[0], capital, employees)) if best != worst else ()
    return Result("jp", VERSION, best, worst, lines, max(used, default=None), (), missing)


def _size(form: Form, sector: Sector, capital: Part, employees: Part, *, best: bool) -> Size:
    if form is Form.OTHER:
        return Size.LARGE
    tests = _tests(form, sector, capital, employees)
    if _small(sector, employees).at(best=best):
        return Size.SMALL
    return Size.MEDIUM if any(test.at(best=best) for test in tests) else Size.LARGE


def _tests(form: Form, sector: Sector, capital: Part, employees: Part) -> list[Line]:
    """The two tests of Art. 2(1); an individual has no capital to measure."""
    yen, persons, _small_limit = LIMITS[sector]
    tests = [Line(What.EMPLOYEES, employees.span, Fraction(persons), "", strict=False, parts=(employees,))]
    if form is not Form.INDIVIDUAL:
        tests.append(Line(What.CAPITAL, capital.span, Fraction(yen), "JPY", strict=False, parts=(capital,)))
    return tests


def _small(sector: Sector, employees: Part) -> Line:
    return Line("small", employees.span, Fraction(LIMITS[sector][2]), "", strict=False, parts=(employees,))


def _newest(figures: Sequence[Figure], what: What, today: date) -> Figure | None:
    since = today - OLDEST if what in (What.CAPITAL, What.EMPLOYEES) else date.min
    usable = [f for f in figures if f.what is what and since < f.period <= today]
    return max(reversed(usable), key=lambda f: f.period, default=None)


def _employees(figures: Sequence[Figure], today: date) -> Part:
    figure = _newest(figures, What.EMPLOYEES, today)
    if figure is None:
        return Part("", UNKNOWN, exactly(1), gap=_why(figures, What.EMPLOYEES, today))
    return Part("", exactly(figure.value), exactly(1), figure, open=figure.open)


def _capital(figures: Sequence[Figure], rates: Sequence[Rate], today: date) -> Part:
    figure = _newest(figures, What.CAPITAL, today)
    if figure is None:
        return Part("", UNKNOWN, exactly(1), gap=_why(figures, What.CAPITAL, today))
    if figure.unit == "JPY":
        return Part("", exactly(figure.value), exactly(1), figure, open=figure.open)
    rate = rate_for(figure, "JPY", rates)
    if rate is None:
        return Part("", UNKNOWN, exactly(1), figure, gap="no-rate", open=figure.open)
    return Part("", exactly(converted(figure, rate)), exactly(1), figure, rate, open=figure.open)


def _why(figures: Sequence[Figure], what: What, today: date) -> Gap:
    return "too-old" if any(f.what is what and f.period <= today for f in figures) else "missing"


def _fact(what: What, figure: Figure | None) -> Line:
    """A test of form or sector, written as one of nothing against nothing: only OTHER forms fail it."""
    failed = figure is not None and what is What.LEGAL_FORM and figure.value == Form.OTHER
    span = UNKNOWN if figure is None else exactly(int(failed))
    part = Part(
        "", span, exactly(1), figure, gap=None if figure else "missing", open=not figure or figure.open
    )
    return Line(what, span, Fraction(0), "", strict=False, parts=(part,), code=figure.value if figure else "")


def _decided(facts: list[Line], tests: list[Line], best: Size, worst: Size) -> tuple[Line, ...]:
    """All lines, those that settle the answer marked."""
    form, _sector = facts
    small, *either = tests
    if form.holds is False:
        deciding = [form]
    elif worst == Size.SMALL:
        deciding = [form, small]
    elif worst == Size.MEDIUM:
        deciding = [form, *[test for test in either if test.holds][:1]]
    elif best == Size.LARGE:
        deciding = either
    else:
        deciding = [line for line in (*facts, *either) if line.holds is None]
    shown = [*facts, *(either if worst != Size.SMALL else tests)]
    return tuple(replace(line, decides=line in deciding) for line in shown)


def _sector_matters(form: Form, capital: Part, employees: Part) -> bool:
    """False if all sectors give the same class, whatever the figures turn out to be."""
    return bool(capital.gap or employees.gap) or any(
        _size(form, WIDEST, capital, employees, best=best)
        != _size(form, NARROWEST, capital, employees, best=best)
        for best in (True, False)
    )


def _missing(facts: list[Line], tests: list[Line], sector_matters: bool) -> tuple[Missing, ...]:
    """What would have to be known. Capital is not asked for where the employees are few enough."""
    found = [Missing(What(line.what), "", None, "missing") for line in facts if line.holds is None]
    found = [m for m in found if m.what is not What.SECTOR or sector_matters]
    _small_test, employees, *capital = tests
    wanted = [employees] if employees.holds else [employees, *capital]
    found += [
        Missing(What(line.what), "", None, part.gap) for line in wanted for part in line.parts if part.gap
    ]
    return tuple(found)
