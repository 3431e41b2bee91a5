"""What the SME Basic Act makes of figures: its sectors, its two tests of which one is enough."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.sme import eu, japan
from kakehashi.sme.figures import Figure, What
from kakehashi.sme.jsic import Sector, sector_of
from kakehashi.sme.results import Answer, Size
from tests.sme.enterprise import TODAY, accounts, company, figure, rate

M = 1_000_000


@pytest.mark.parametrize(
    ("sector", "yen", "persons", "few"),
    [("other", 300, 300, 20), ("wholesale", 100, 100, 5), ("services", 50, 100, 5), ("retail", 50, 50, 5)],
)
def test_each_sector_has_its_limits_and_the_limit_itself_is_allowed(
    sector: str, yen: int, persons: int, few: int
) -> None:
    def size(capital: int, employees: int) -> Size | None:
        return japan.assess(company(capital, employees, sector), [], TODAY).size

    too_much, too_many = yen * M + 1, persons + 1
    assert size(yen * M, too_many) == Size.MEDIUM
    assert size(too_much, persons) == Size.MEDIUM
    assert size(too_much, too_many) == Size.LARGE
    assert size(too_much, few) == Size.SMALL
    assert size(1, few + 1) == Size.MEDIUM


def test_a_research_company_may_be_small_or_medium_in_europe_and_not_in_japan() -> None:
    assert eu.assess(accounts(240, 20 * M), [], [], TODAY).answer is Answer.YES
    result = japan.assess(company(900 * M, 240, "services"), [], TODAY)
    assert result.answer is Answer.NO
    assert [line.what for line in result.lines if line.decides] == [What.EMPLOYEES, What.CAPITAL]


@pytest.mark.parametrize(
    ("sector", "answer"), [(s, Answer.NO if s == "retail" else Answer.YES) for s in Sector]
)
def test_eighty_people_with_two_billion_yen_are_an_sme_in_every_sector_but_retail(
    sector: str, answer: Answer
) -> None:
    assert japan.assess(company(2_000 * M, 80, sector), [], TODAY).answer is answer


def test_the_sector_need_not_be_known_where_it_does_not_matter() -> None:
    assert japan.assess(company(None, 50), [], TODAY).answer is Answer.YES
    assert japan.assess(company(301 * M, 301), [], TODAY).answer is Answer.NO
    result = japan.assess(company(2_000 * M, 80), [], TODAY)
    assert result.answer is Answer.UNDETERMINED
    assert [gap.what for gap in result.missing] == [What.SECTOR]


def test_one_test_is_enough_and_the_other_figure_is_then_not_asked_for() -> None:
    result = japan.assess(company(None, 90, "services"), [], TODAY)
    assert (result.answer, result.missing) == (Answer.YES, ())
    assert [line.what for line in result.lines if line.decides] == [What.LEGAL_FORM, What.EMPLOYEES]


def test_only_companies_and_individuals_can_be_smes() -> None:
    assert japan.assess(company(1, 1, "services", form="other"), [], TODAY).answer is Answer.NO
    assert japan.assess(company(1, 1, "services", form=None), [], TODAY).answer is Answer.UNDETERMINED
    assert japan.assess(company(None, 101, "services", form="individual"), [], TODAY).answer is Answer.NO


def test_capital_in_euro_needs_a_rate_of_its_year() -> None:
    figures = company("300000", 200, "services", currency="EUR")
    without = japan.assess(figures, [], TODAY)
    assert (without.answer, [gap.gap for gap in without.missing]) == (Answer.UNDETERMINED, ["no-rate"])
    assert japan.assess(figures, [rate("166.66")], TODAY).answer is Answer.YES
    assert japan.assess(figures, [rate("166.67")], TODAY).answer is Answer.NO


def test_a_figure_older_than_three_years_does_not_count() -> None:
    old = figure(What.EMPLOYEES, 10, period=date(2022, 3, 31))
    result = japan.assess([*company(None, None, "services"), old], [], TODAY)
    assert result.answer is Answer.UNDETERMINED
    form = figure(What.LEGAL_FORM, "company", period=date(1990, 4, 1))
    assert japan.assess([form, *company(None, 10, "retail", form=None)], [], TODAY).answer is Answer.YES
    assert (What.EMPLOYEES, "too-old") in [(gap.what, gap.gap) for gap in result.missing]


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("71", Sector.SERVICES),
        ("7114", Sector.SERVICES),
        ("L", Sector.SERVICES),
        ("1652", Sector.OTHER),
        ("E", Sector.OTHER),
        ("55", Sector.WHOLESALE),
        ("5593", Sector.WHOLESALE),
        ("60", Sector.RETAIL),
        ("76", Sector.RETAIL),
        ("39", Sector.SERVICES),
        ("40", Sector.OTHER),
        ("41", None),
        ("411", Sector.SERVICES),
        ("413", Sector.OTHER),
        ("791", Sector.OTHER),
        ("792", Sector.SERVICES),
        ("I", None),
        ("services", Sector.SERVICES),
        ("", None),
        ("00", None),
        ("x", None),
    ],
)
def test_codes_of_the_industrial_classification_lead_to_sectors(code: str, sector: Sector | None) -> None:
    assert sector_of(code) == sector


# ── Properties ───────────────────────────────────────────────────────────

capital = st.sampled_from([0, 50 * M, 50 * M + 1, 100 * M, 100 * M + 1, 300 * M, 300 * M + 1])
employees = st.sampled_from([0, 5, 6, 20, 21, 50, 51, 100, 101, 300, 301])
sectors = st.sampled_from([str(s) for s in Sector])
forms = st.sampled_from(["company", "individual", "other"])


@settings(deadline=None)
@given(capital, employees, sectors, forms, st.sets(st.integers(0, 3), max_size=4))
def test_undetermined_means_that_the_missing_facts_can_change_the_answer(
    yen: int, persons: int, sector: str, form: str, gone: set[int]
) -> None:
    figures = company(yen, persons, sector, form)
    left = [row for number, row in enumerate(figures) if number not in gone]
    choices: list[list[Figure]] = []
    for number in gone:
        values = {
            What.CAPITAL: (0, 75 * M, 200 * M, 400 * M),
            What.EMPLOYEES: (0, 10, 75, 200, 400),
            What.SECTOR: tuple(Sector),
            What.LEGAL_FORM: tuple(japan.Form),
        }[figures[number].what]
        choices.append([figure(figures[number].what, value, figures[number].unit) for value in values])
    answers = {japan.assess([*left, *more], [], TODAY).answer for more in product(*choices)}
    result = japan.assess(left, [], TODAY)
    assert result.answer == (answers.pop() if len(answers) == 1 else Answer.UNDETERMINED)
    assert result.best == result.worst or result.missing


@settings(deadline=None)
@given(capital, employees, sectors, forms, st.integers(0, 400), st.integers(0, 400))
def test_more_capital_or_staff_never_makes_a_smaller_class(
    yen: int, persons: int, sector: str, form: str, more_yen: int, more_persons: int
) -> None:
    before = japan.assess(company(yen, persons, sector, form), [], TODAY)
    after = japan.assess(company(yen + more_yen * M, persons + more_persons, sector, form), [], TODAY)
    assert after.best >= before.best
