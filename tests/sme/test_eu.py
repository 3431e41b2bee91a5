"""What Recommendation 2003/361/EC makes of figures: its ceilings, its groups, its two periods."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.sme import eu
from kakehashi.sme.figures import Figure, What
from kakehashi.sme.group import Holding, Kind, Side
from kakehashi.sme.results import Answer, Size
from tests.sme.enterprise import CLOSED, TODAY, accounts, figure, held, rate

M = 1_000_000
EARLIER, EARLIEST = date(2024, 12, 31), date(2023, 12, 31)


@pytest.mark.parametrize(
    ("staff", "turnover", "balance", "size"),
    [
        (9, 2 * M, 99 * M, Size.MICRO),
        (10, 2 * M, 2 * M, Size.SMALL),
        (9, 2 * M + 1, 2 * M + 1, Size.SMALL),
        (49, 10 * M, 99 * M, Size.SMALL),
        (49, 99 * M, 10 * M, Size.SMALL),
        (50, 10 * M, 10 * M, Size.MEDIUM),
        ("49.99", 10 * M, 10 * M, Size.SMALL),
        (249, 50 * M, 44 * M, Size.MEDIUM),
        (249, 51 * M, 43 * M, Size.MEDIUM),
        (249, "50000000.01", "43000000.01", Size.LARGE),
        (250, 1, 1, Size.LARGE),
        (240, 20 * M, 99 * M, Size.MEDIUM),
    ],
)
def test_a_class_needs_the_staff_and_one_of_the_two_amounts(
    staff: int | str, turnover: int | str, balance: int | str, size: Size
) -> None:
    result = eu.assess(accounts(staff, turnover, balance), [], [], TODAY)
    assert result.size == size
    assert result.answer == (Answer.NO if size == Size.LARGE else Answer.YES)


def test_the_deciding_lines_name_figure_limit_source_and_day() -> None:
    result = eu.assess(accounts(48, 12 * M, 8 * M), [], [], TODAY)
    deciding = [line for line in result.lines if line.decides]
    assert [(line.what, line.limit, line.strict) for line in deciding] == [
        (What.STAFF, 50, True),
        (What.BALANCE_SHEET, 10 * M, False),
    ]
    source = deciding[1].parts[0].figure
    assert source is not None
    assert (source.value, source.unit, source.period, source.evidence.title) == (
        "8000000",
        "EUR",
        CLOSED,
        "Annual report",
    )
    assert result.version == "2003/361/EC"


def test_too_many_staff_decide_alone() -> None:
    result = eu.assess(accounts(260, 1, 1), [], [], TODAY)
    assert [line.what for line in result.lines if line.decides] == [What.STAFF]


def test_both_amounts_too_large_decide_together() -> None:
    result = eu.assess(accounts(100, 60 * M, 60 * M), [], [], TODAY)
    assert [line.what for line in result.lines if line.decides] == [What.TURNOVER, What.BALANCE_SHEET]


def test_one_missing_amount_does_not_matter_where_the_other_suffices() -> None:
    assert eu.assess(accounts(30, 9 * M), [], [], TODAY).answer is Answer.YES
    assert eu.assess(accounts(30, None, 43 * M), [], [], TODAY).answer is Answer.YES
    assert eu.assess(accounts(30, 60 * M), [], [], TODAY).answer is Answer.UNDETERMINED


def test_what_is_missing_is_named_with_the_day_it_is_missing_for() -> None:
    result = eu.assess(accounts(30, 60 * M), [], [], TODAY)
    assert [(gap.what, gap.name, gap.period, gap.gap) for gap in result.missing] == [
        (What.BALANCE_SHEET, "", CLOSED, "missing")
    ]


def test_without_any_figure_nothing_is_said() -> None:
    result = eu.assess([], [], [], TODAY)
    assert (result.answer, result.best, result.worst) == (Answer.UNDETERMINED, Size.MICRO, Size.LARGE)
    assert {gap.what for gap in result.missing} == set(eu.NEEDED)


@pytest.mark.parametrize(
    ("share", "counted"),
    [("24.99", 0), ("25", 25), ("33.3", Fraction("33.3")), ("50", 50), ("50.01", 100), ("100", 100)],
)
def test_shares_make_autonomous_partner_and_linked(share: str, counted: Fraction | int) -> None:
    result = eu.assess(accounts(100, M, M), [held(share, *accounts(200, M, M))], [], TODAY)
    assert result.lines[0].span.low == result.lines[0].span.high == 100 + 2 * Fraction(counted)


def test_a_partner_s_figures_can_cost_the_status() -> None:
    own = accounts(200, 20 * M, 20 * M)
    assert eu.assess(own, [held("49", *accounts(102, M, M))], [], TODAY).answer is Answer.YES
    assert eu.assess(own, [held("50", *accounts(100, M, M))], [], TODAY).answer is Answer.NO


def test_an_enterprise_that_we_hold_counts_like_one_that_holds_us() -> None:
    below = held("60", *accounts(200, M, M), side=Side.BELOW)
    assert eu.assess(accounts(100, M, M), [below], [], TODAY).answer is Answer.NO


@pytest.mark.parametrize(
    "kind", [Kind.VENTURE_CAPITAL, Kind.UNIVERSITY, Kind.INSTITUTIONAL, Kind.SMALL_AUTHORITY]
)
def test_investors_of_article_3_2_leave_an_enterprise_autonomous_up_to_half(kind: Kind) -> None:
    own, theirs = accounts(100, M, M), accounts(5000, 900 * M, 900 * M)
    assert eu.assess(own, [held("50", *theirs, kind=kind)], [], TODAY).answer is Answer.YES
    assert eu.assess(own, [held("50.5", *theirs, kind=kind)], [], TODAY).answer is Answer.NO
    assert eu.assess(own, [held("30", *theirs, kind=kind, side=Side.BELOW)], [], TODAY).answer is Answer.NO


def test_exempt_investors_who_are_linked_with_each_other_count_together() -> None:
    """The user guide's example 5: a university with 25 % and a public investment corporation with 30 %."""
    own, theirs = accounts(100, M, M), accounts(100, M, M)
    uni = held("25", *theirs, kind=Kind.UNIVERSITY, together="one state", name="B")
    fund = held("30", *theirs, kind=Kind.VENTURE_CAPITAL, together="one state", name="D")
    result = eu.assess(own, [uni, fund], [], TODAY)
    assert result.lines[0].span.low == 300


def test_business_angels_are_exempt_below_their_limit_together() -> None:
    theirs = accounts(300, M, M)

    def angels(second: str | None) -> list[Holding]:
        facts = {"kind": Kind.BUSINESS_ANGEL}
        return [
            held("30", *theirs, invested="1000000", name="A", **facts),
            held("30", *theirs, invested=second, name="B", **facts),
        ]

    def answer(second: str | None) -> Answer:
        return eu.assess(accounts(100, M, M), angels(second), [], TODAY).answer

    assert answer("249999.99") is Answer.YES
    assert answer("250000") is Answer.NO
    assert answer(None) is Answer.UNDETERMINED


def test_a_quarter_in_public_hands_ends_the_status_at_once() -> None:
    own = (*accounts(20, M, M), *accounts(20, M, M, EARLIER))
    assert eu.assess(own, [held("24.9", kind=Kind.PUBLIC_BODY)], [], TODAY).answer is Answer.YES
    result = eu.assess(own, [held(s, kind=Kind.PUBLIC_BODY, name=s) for s in ("15", "10")], [], TODAY)
    assert result.answer is Answer.NO
    assert [line.what for line in result.lines if line.decides] == ["public_share"]
    assert not result.kept


def test_a_relation_counts_only_while_it_stands() -> None:
    bought = held("100", *accounts(1000, M, M), *accounts(1000, M, M, EARLIER), since=date(2025, 3, 1))
    own = (*accounts(20, M, M, EARLIER), *accounts(20, M, M))
    result = eu.assess(own, [bought], [], TODAY)
    assert [year.own[0] for year in result.years] == [Size.MICRO + 1, Size.LARGE]
    sold = held("100", *accounts(1000, M, M), until=date(2025, 12, 31))
    assert eu.assess(accounts(20, M, M), [sold], [], TODAY).answer is Answer.YES


def test_without_a_rate_an_amount_in_yen_is_unknown_and_the_reason_is_given() -> None:
    own = accounts(30, 3_000 * M, 5_000 * M, currency="JPY")
    result = eu.assess(own, [], [], TODAY)
    assert result.answer is Answer.UNDETERMINED
    assert {gap.gap for gap in result.missing} == {"no-rate"}
    assert eu.assess(own, [], [rate("160", date(2024, 12, 31))], TODAY).answer is Answer.UNDETERMINED
    settled = eu.assess(own, [], [rate("160", date(2025, 12, 30))], TODAY)
    assert settled.answer is Answer.YES
    used = next(line for line in settled.lines if line.what == What.TURNOVER).parts[0]
    assert used.rate is not None
    assert used.span.low == Fraction(3_000 * M, 160)


def test_a_rate_works_either_way_round_and_the_newest_of_the_year_is_taken() -> None:
    own = accounts(30, 3_000 * M, None, currency="JPY")
    rates = [rate("0.02", date(2025, 3, 1), "JPY", "EUR"), rate("0.00625", CLOSED, "JPY", "EUR")]
    assert eu.assess(own, [], rates, TODAY).lines[1].span.low == Fraction("0.00625") * 3_000 * M


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([40], Size.SMALL),
        ([40, 60], Size.SMALL),
        ([40, 60, 60], Size.MEDIUM),
        ([40, 60, 40], Size.SMALL),
        ([40, 300, 300], Size.LARGE),
        ([300, 40], Size.LARGE),
        ([300, 40, 40], Size.SMALL),
        ([5, 20, 100], Size.SMALL),
        ([300, 300, 40], Size.LARGE),
    ],
)
def test_a_status_changes_only_after_two_periods_in_a_row(history: list[int], expected: Size) -> None:
    days = [EARLIEST, EARLIER, CLOSED][-len(history) :]
    own = [row for staff, day in zip(history, days, strict=True) for row in accounts(staff, M, M, day)]
    result = eu.assess(own, [], [], TODAY)
    assert result.size == expected
    assert result.kept == (result.years[-1].own[0] != expected)


def test_a_status_that_is_kept_shows_the_period_that_it_rests_on() -> None:
    result = eu.assess([*accounts(40, M, M, EARLIER), *accounts(300, M, M)], [], [], TODAY)
    assert (result.answer, result.kept, result.period) == (Answer.YES, True, EARLIER)
    assert [(line.what, line.span.low) for line in result.lines if line.decides] == [
        (What.STAFF, 40),
        (What.TURNOVER, M),
    ]


def test_a_period_without_figures_between_two_others_is_open_but_need_not_matter() -> None:
    def years(first: int, last: int) -> Answer:
        return eu.assess([*accounts(first, M, M, EARLIEST), *accounts(last, M, M)], [], [], TODAY).answer

    assert years(40, 40) is Answer.YES
    assert years(300, 300) is Answer.NO
    assert years(40, 300) is Answer.UNDETERMINED


def test_figures_may_be_missing_for_one_recent_period_but_not_for_two() -> None:
    def last_closed(year: int) -> Answer:
        return eu.assess(accounts(40, M, M, date(year, 12, 31)), [], [], TODAY).answer

    assert last_closed(2024) is Answer.YES
    assert last_closed(2023) is Answer.YES
    assert last_closed(2022) is Answer.UNDETERMINED


def test_an_estimate_for_a_running_period_counts_only_for_the_newly_founded() -> None:
    running = accounts(300, M, M, date(2026, 12, 31))
    assert eu.assess(running, [], [], TODAY).answer is Answer.NO
    assert eu.assess([*accounts(40, M, M), *running], [], [], TODAY).years[-1].closed == CLOSED


def test_a_corrected_figure_replaces_the_one_entered_before() -> None:
    assert eu.assess([*accounts(300, M, M), figure(What.STAFF, 30)], [], [], TODAY).answer is Answer.YES


# ── Properties ───────────────────────────────────────────────────────────

staff = st.sampled_from(["0", "9", "10", "49", "50", "125", "249", "250", "900"])
money = st.sampled_from(
    ["0", "2000000", "2000001", "10000000", "43000000", "43000001", "50000000", "50000001"]
)
shares = st.sampled_from(["10", "25", "40", "50", "51", "100"])
kinds = st.sampled_from([Kind.ENTERPRISE, Kind.UNIVERSITY, Kind.PUBLIC_BODY, Kind.PERSON])
DAYS = (EARLIER, CLOSED)


@st.composite
def full(draw: st.DrawFn) -> tuple[list[Figure], list[Holding]]:
    """An enterprise with all figures of two periods, and up to two related ones."""
    own = [row for day in DAYS for row in accounts(draw(staff), draw(money), draw(money), day)]
    others = [
        held(
            draw(shares),
            *[row for day in DAYS for row in accounts(draw(staff), draw(money), draw(money), day)],
            kind=draw(kinds),
            name=f"holder {number}",
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    return own, others


def oracle(own: list[Figure], holdings: list[Holding]) -> Size:
    """The same law written a second time, the slow way, for full figures of two periods."""
    classes = []
    for day in DAYS:
        total = {what: Fraction(f.value) for f in own if f.period == day for what in [f.what]}
        for other in holdings:
            share = Fraction(str(other.share))
            if other.kind in (Kind.PERSON, Kind.PUBLIC_BODY) or share < 25:
                continue
            if other.kind is Kind.UNIVERSITY and share <= 50:
                continue
            weight = Fraction(1) if share > 50 else share / 100
            for f in other.figures:
                if f.period == day:
                    total[f.what] += weight * Fraction(f.value)
        classes.append(Size.LARGE)
        for size, people, turnover, balance in (
            (Size.MEDIUM, 250, 50 * M, 43 * M),
            (Size.SMALL, 50, 10 * M, 10 * M),
            (Size.MICRO, 10, 2 * M, 2 * M),
        ):
            amount = total[What.TURNOVER] <= turnover or total[What.BALANCE_SHEET] <= balance
            if total[What.STAFF] < people and amount:
                classes[-1] = size
    if sum(Fraction(str(h.share)) for h in holdings if h.kind is Kind.PUBLIC_BODY) >= 25:
        return Size.LARGE
    return classes[0]  # one differing period changes nothing, and with two alike there is nothing to change


@settings(deadline=None)
@given(full())
def test_full_figures_give_the_oracle_s_class(case: tuple[list[Figure], list[Holding]]) -> None:
    own, holdings = case
    assert eu.assess(own, holdings, [], TODAY).size == oracle(own, holdings)


@settings(deadline=None, max_examples=60)
@given(full(), st.data())
def test_undetermined_means_that_the_missing_figures_can_change_the_answer(
    case: tuple[list[Figure], list[Holding]], data: st.DataObject
) -> None:
    own, holdings = case
    gone = data.draw(st.lists(st.sampled_from(own), max_size=2, unique_by=id))  # a period keeps a figure
    left = [row for row in own if not any(row is other for other in gone)]
    grid = ("0", "10", "50", "250", "2000001", "10000001", "43000001", "999999999")
    answers = set()
    for values in product(grid, repeat=len(gone)):
        completed = [figure(g.what, v, g.unit, g.period) for g, v in zip(gone, values, strict=True)]
        answers.add(eu.assess([*left, *completed], holdings, [], TODAY).answer)
    expected = answers.pop() if len(answers) == 1 else Answer.UNDETERMINED
    assert eu.assess(left, holdings, [], TODAY).answer == expected


@settings(deadline=None)
@given(full(), st.integers(0, 1))
def test_an_unknown_share_is_undetermined_exactly_where_some_share_would_change_the_answer(
    case: tuple[list[Figure], list[Holding]], place: int
) -> None:
    own, holdings = case
    if place >= len(holdings):
        return
    answers = set()
    for share in (None, *map(str, range(101)), "24.99", "50.01"):
        changed = [*holdings]
        changed[place] = replace(holdings[place], share=share)
        answer = eu.assess(own, changed, [], TODAY).answer
        if share is None:
            found = answer
        else:
            answers.add(answer)
    assert found == (answers.pop() if len(answers) == 1 else Answer.UNDETERMINED)


@settings(deadline=None)
@given(full(), st.integers(0, 5), st.sampled_from(["1", "41", "100000", "9000000"]))
def test_more_of_anything_never_makes_a_smaller_class(
    case: tuple[list[Figure], list[Holding]], place: int, more: str
) -> None:
    own, holdings = case
    before = eu.assess(own, holdings, [], TODAY)
    row = own[place]
    own[place] = figure(row.what, str(int(row.value) + int(more)), row.unit, row.period)
    after = eu.assess(own, holdings, [], TODAY)
    assert after.best >= before.best
    assert after.worst >= before.worst


@settings(deadline=None)
@given(full(), st.data())
def test_knowing_less_never_settles_more(
    case: tuple[list[Figure], list[Holding]], data: st.DataObject
) -> None:
    own, holdings = case
    kept = [row for row in own if data.draw(st.booleans()) or row.period == EARLIER]
    before, after = eu.assess(own, holdings, [], TODAY), eu.assess(kept, holdings, [], TODAY)
    assert after.best <= before.best <= before.worst <= after.worst
    assert (after.best == after.worst) or after.missing
