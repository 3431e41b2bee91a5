"""What the report counts: each record once, on the day of its first gift, on the same days everywhere."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import NotFound
from kakehashi.reports import period
from kakehashi.reports.period import Period
from kakehashi.reports.tally import Choice, chosen, line, percentages

NODES = ("munich.example", "osaka.example")
YEAR = period.year(2026)


@dataclass(frozen=True)
class Gift:
    origin: str
    record: UUID
    kind: str
    clause: str
    lineage: str
    at: datetime


days = st.integers(0, 1500).map(
    lambda day: datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=day, hours=day % 24)
)
gifts = st.lists(
    st.builds(
        Gift,
        origin=st.sampled_from(NODES),
        record=st.integers(0, 9).map(lambda number: UUID(int=number)),
        kind=st.just("offer"),
        clause=st.sampled_from(["c1", "c2"]),
        lineage=st.sampled_from(["one", "two"]),
        at=days,
    ),
    max_size=30,
)
choices = st.builds(
    Choice,
    origin=st.sampled_from(["", *NODES]),
    kind=st.sampled_from(["", "offer", "request"]),
    clause=st.sampled_from(["", "c1"]),
    lineage=st.sampled_from(["", "two"]),
)


@given(gifts, choices)
def test_no_record_counts_twice_however_often_and_under_however_many_agreements_it_was_given(
    found: list[Gift], choice: Choice
) -> None:
    counted = [(gift.origin, gift.record) for gift in chosen(found, choice, YEAR)]
    assert len(counted) == len(set(counted))


@given(gifts, choices, st.randoms())
def test_the_order_in_which_logs_are_read_changes_no_number(
    found: list[Gift], choice: Choice, random: object
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert chosen(shuffled, choice, YEAR) == chosen(found, choice, YEAR)


@given(gifts, choices)
def test_the_periods_of_a_year_add_up_to_the_year(found: list[Gift], choice: Choice) -> None:
    halves = (Period(date(2026, 1, 1), date(2026, 6, 30)), Period(date(2026, 7, 1), date(2026, 12, 31)))
    apart = [gift for half in halves for gift in chosen(found, choice, half)]
    assert apart == chosen(found, choice, YEAR)


@given(gifts)
def test_both_sides_add_up_to_what_is_counted_without_regard_to_side(found: list[Gift]) -> None:
    both = line(found, Choice(), NODES, YEAR)
    assert both.total == len(chosen(found, Choice(), YEAR))


def test_a_record_given_before_the_period_does_not_count_again_in_it() -> None:
    first = Gift(NODES[0], UUID(int=1), "offer", "c1", "one", datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
    again = replace(first, lineage="two", at=datetime(2026, 3, 1, tzinfo=UTC))
    assert chosen([again, first], Choice(), YEAR) == []
    assert chosen([again, first], Choice(lineage="two"), YEAR) == [again]


@pytest.mark.parametrize(
    ("left", "right", "said"), [(0, 0, None), (1, 0, (100, 0)), (1, 2, (33, 67)), (215, 223, (49, 51))]
)
def test_percentages_add_up_to_a_hundred(left: int, right: int, said: tuple[int, int] | None) -> None:
    assert percentages(left, right) == said


@given(st.dates(date(2000, 1, 1), date(2999, 12, 31)), st.dates(date(2000, 1, 1), date(2999, 12, 31)))
def test_a_period_is_found_again_by_its_name(one: date, other: date) -> None:
    span = Period(min(one, other), max(one, other))
    assert period.parse(span.name) == span


@pytest.mark.parametrize(
    "name", ["1999", "20x6", "2026-02-30--2026-03-01", "2026-03-01--2026-02-01", "", "２０２６"]
)
def test_what_is_no_period_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        period.parse(name)


def test_a_year_ends_with_its_last_moment() -> None:
    assert YEAR.holds(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert not YEAR.holds(datetime(2027, 1, 1, tzinfo=UTC))
