"""Terms, notices, ages: what time does to records."""

from datetime import UTC, datetime, timedelta

import pytest

from kakehashi.errors import Conflict
from kakehashi.records import lifecycle
from kakehashi.records.lifecycle import NEXT, State, months_old

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize("present", State)
@pytest.mark.parametrize("wanted", State)
def test_a_step_is_taken_only_where_the_table_allows_it(present: State, wanted: State) -> None:
    if wanted in NEXT[present]:
        assert lifecycle.step(present, wanted) == wanted
    else:
        with pytest.raises(Conflict):
            lifecycle.step(present, wanted)


def test_every_state_can_be_reached_and_only_the_archive_is_final() -> None:
    assert set(State) - {State.DRAFT} <= {to for steps in NEXT.values() for to in steps}
    assert [state for state, steps in NEXT.items() if not steps] == [State.ARCHIVED]


@pytest.mark.parametrize(
    ("days", "due"), [(-15, False), (-14, True), (-13, True), (-1, True), (0, False), (1, False)]
)
def test_a_notice_is_due_in_the_last_two_weeks(days: int, due: bool) -> None:
    assert lifecycle.notice_due(NOW, NOW + timedelta(days=days)) is due


@pytest.mark.parametrize(
    ("source_date", "historical"),
    [
        ("", False),
        (None, False),
        ("2026", False),
        ("2023", False),
        ("2022", True),
        ("2023-11", False),
        ("2023-10", True),
        ("2023-11-23", False),
        ("2023-11-22", True),
        ("2011-10-04", True),
    ],
)
def test_what_is_more_than_three_years_old_is_historical(source_date: str | None, historical: bool) -> None:
    assert lifecycle.is_historical(source_date, NOW + timedelta(days=1)) is historical


@pytest.mark.parametrize(
    ("source_date", "months"),
    [
        ("2026-11-22", 0),
        ("2026-11-23", None),
        ("2026-11", 0),
        ("2026", 0),
        ("2026-12", 0),
        ("2027", None),
        ("2026-10-22", 1),
        ("2026-10-23", 0),
        ("2025", 11),
        ("2025-07-15", 16),
        ("2011-10-04", 181),
        ("", None),
        ("yesterday", None),
    ],
)
def test_no_source_is_made_older_than_it_is(source_date: str, months: int | None) -> None:
    assert months_old(source_date, NOW) == months


def test_there_is_one_extension_and_only_while_the_record_is_alive() -> None:
    assert lifecycle.may_extend(State.PUBLISHED, NOW, extended=False)
    assert not lifecycle.may_extend(State.PUBLISHED, NOW, extended=True)
    assert not lifecycle.may_extend(State.PUBLISHED, None, extended=False)
    assert not lifecycle.may_extend(State.WITHDRAWN, NOW, extended=False)
