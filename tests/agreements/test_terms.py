"""States, term, notice, reminders and the time line."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.agreements import terms
from kakehashi.agreements.demonstration import HISTORY
from kakehashi.agreements.terms import State, next_state
from kakehashi.errors import InvalidInput
from tests.agreements.parties import STARTS, UNTIL, standing

PARTIES = ["munich.example", "osaka.example"]


def state(present, at, signed=PARTIES, proposed=STARTS - timedelta(days=10), ends=UNTIL):
    return next_state(
        present, signed_by=signed, parties=PARTIES, proposed=proposed, starts=STARTS, ends=ends, now=at
    )


def test_a_proposal_becomes_active_when_all_have_signed_and_the_term_has_begun():
    assert state("proposed", STARTS, signed=["munich.example"]) == State.PROPOSED
    assert state("proposed", STARTS - timedelta(seconds=1)) == State.PROPOSED
    assert state("proposed", STARTS) == State.ACTIVE


def test_a_proposal_that_nobody_signs_is_void_after_90_days_and_stays_so():
    proposed = STARTS - timedelta(days=10)
    last = proposed + timedelta(days=90) - timedelta(seconds=1)
    assert state("proposed", last, signed=["munich.example"]) == State.PROPOSED
    assert state("proposed", last + timedelta(seconds=1), signed=["munich.example"]) == State.VOID
    assert state("void", last + timedelta(seconds=1)) == State.VOID


def test_a_signed_proposal_waits_for_its_term_however_far():
    assert (
        state("proposed", STARTS - timedelta(seconds=1), proposed=STARTS - timedelta(days=200))
        == State.PROPOSED
    )


def test_an_active_agreement_ends_at_its_term_and_never_returns():
    assert state("active", UNTIL - timedelta(seconds=1)) == State.ACTIVE
    assert state("active", UNTIL) == State.ENDED
    assert state("ended", STARTS) == State.ENDED


@given(
    st.sampled_from(list(State)),
    st.booleans(),
    st.integers(-400, 1600),
    st.integers(0, 1500),
    st.integers(-200, 0),
)
def test_no_way_leads_from_an_end_back_and_none_to_active_without_all_signatures(
    present, all_signed, at, end, proposed
):
    signed = PARTIES if all_signed else PARTIES[:1]
    later = state(
        present,
        STARTS + timedelta(days=at),
        signed=signed,
        ends=STARTS + timedelta(days=end),
        proposed=STARTS + timedelta(days=proposed),
    )
    if present in (State.ENDED, State.VOID):
        assert later == present
    if present == State.PROPOSED and not all_signed:
        assert later in (State.PROPOSED, State.VOID)
    if later == State.ACTIVE:
        assert at < end


def test_notice_is_honoured_but_for_cause():
    issued = STARTS + timedelta(days=100)
    agreement = standing()
    terms.check_end(agreement, effective=issued + timedelta(days=183), issued=issued, reason="notice")
    terms.check_end(agreement, effective=issued, issued=issued, reason="cause")
    for effective, reason, message in [
        (issued + timedelta(days=182), "notice", terms.NOTICE_TOO_SHORT),
        (issued - timedelta(seconds=1), "cause", terms.BEFORE_ISSUED),
        (UNTIL + timedelta(days=1), "notice", terms.AFTER_THE_TERM),
    ]:
        with pytest.raises(InvalidInput) as refused:
            terms.check_end(agreement, effective=effective, issued=issued, reason=reason)
        assert refused.value.problems == {"effective": [message]}


def test_the_earliest_end_is_a_midnight_that_the_notice_allows():
    issued = datetime(2027, 1, 10, 15, 30, tzinfo=UTC)
    assert terms.earliest_end(90, issued) == datetime(2027, 4, 11, tzinfo=UTC)
    assert terms.earliest_end(0, datetime(2027, 1, 10, tzinfo=UTC)) == datetime(2027, 1, 10, tzinfo=UTC)


def test_days_left_are_whole_days_and_never_negative():
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert terms.days_left(datetime(2029, 10, 4, tzinfo=UTC), now) == 1046
    assert terms.days_left(now - timedelta(days=3), now) == 0


def test_each_reminder_is_due_once_and_a_late_start_sends_only_the_latest():
    assert terms.reminders_due(UNTIL, [], UNTIL - timedelta(days=181)) == []
    assert terms.reminders_due(UNTIL, [], UNTIL - timedelta(days=180)) == [180]
    assert terms.reminders_due(UNTIL, [180], UNTIL - timedelta(days=100)) == []
    assert terms.reminders_due(UNTIL, [], UNTIL - timedelta(days=8)) == [30]
    assert terms.reminders_due(UNTIL, [], UNTIL) == []
    assert terms.reminders(UNTIL)[0].date().isoformat() == "2029-04-07"


def test_three_years_from_a_leap_day_end_on_the_28th():
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert terms.years_later(leap, 3) == datetime(2031, 2, 28, tzinfo=UTC)
    assert terms.years_later(STARTS, 3) == UNTIL


def test_the_time_line_shows_the_gap_of_2015_the_open_span_of_2022_and_today():
    history = [(past["from"], past.get("until")) for past in HISTORY]
    line = terms.time_line([*history, ("2026-10-04", "2029-10-04")], datetime(2026, 11, 22, tzinfo=UTC))
    assert [span.label for span in line.spans] == ["2011", "2015", "2018", "2022", "2026"]
    assert [span.open for span in line.spans] == [False, False, False, True, False]
    assert line.spans[0].left == 0
    assert line.spans[-1].right == terms.WIDTH
    assert line.spans[0].right < line.spans[1].left
    assert line.spans[3].right == line.spans[4].left
    assert line.spans[4].left < line.today < line.spans[4].right


@given(st.lists(st.tuples(st.dates(), st.integers(0, 4000) | st.none()), min_size=1, max_size=8))
def test_every_time_line_stays_within_its_width(spans):
    rows = [
        (
            start.isoformat(),
            None if days is None else start.replace(year=min(9999, start.year + days % 9), day=1).isoformat(),
        )
        for start, days in spans
    ]
    rows = [(start, until if until is None or until >= start else start) for start, until in rows]
    line = terms.time_line(rows, datetime(2026, 1, 1, tzinfo=UTC))
    assert all(0 <= span.left <= span.right <= terms.WIDTH for span in line.spans)
