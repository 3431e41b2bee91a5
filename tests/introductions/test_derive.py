"""The state of an introduction follows from two logs alone, in whatever order and how often they are read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.introductions.derive import State, derive, urgency
from kakehashi.introductions.events import Event, newest, read
from kakehashi.introductions.steps import EXPIRES_AFTER, NEXT, OPEN, Reason, Result, Return, Status

OSAKA, MUNICH, KYOTO = "osaka.example", "munich.example", "kyoto.example"
OFFER = (MUNICH, "offer-1")
INTEREST = (OSAKA, "interest-1")
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def event(kind: str, says: str, *, node: str, day: float = 0, **facts: Any) -> Event:
    about = {"interest": OFFER, "reply": INTEREST, "outcome": INTEREST}.get(kind, (OSAKA, "outcome-1"))
    facts = {"id": f"{kind}-1", "revision": 1, "about": about, **facts}
    return Event(node=node, kind=kind, says=says, at=START + timedelta(days=day), **facts)


ASKED = event("interest", "asked", node=OSAKA)
RETURNED = event("interest", "returned", node=OSAKA, day=1, revision=2, detail=Return.INCOMPLETE)
CHECKED = event("interest", "checked", node=OSAKA, day=1, revision=2)
PASSED = event("reply", "passed", node=MUNICH, day=2, id="passed-1")
ACCEPTED = event("reply", "accepted", node=MUNICH, day=3)
DECLINED = event("reply", "declined", node=MUNICH, day=3, detail=Reason.TOO_EARLY)
MEETING = event("outcome", "meeting", node=OSAKA, day=10, id="meeting-1")
DEAL = event("outcome", Result.BUSINESS, node=OSAKA, day=20)
CONFIRMED = event("confirmation", "confirmed", node=MUNICH, day=22, detail=Result.BUSINESS)
DISPUTED = event("confirmation", "disputed", node=MUNICH, day=22, detail=Result.BUSINESS)


def state(*events: Event, day: float = 30) -> State:
    found = derive(INTEREST, events, START + timedelta(days=day))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("events", "status", "acts", "open_"),
    [
        ([ASKED], Status.REQUESTED, "asker_cluster", False),
        ([ASKED, RETURNED], Status.RETURNED, "asker", False),
        ([ASKED, CHECKED], Status.CHECKED, "owner_cluster", False),
        ([ASKED, CHECKED, PASSED], Status.OFFERED, "owner", False),
        ([CHECKED, PASSED, ACCEPTED], Status.ACCEPTED, "both", True),
        ([CHECKED, ACCEPTED, PASSED], Status.ACCEPTED, "both", True),
        ([CHECKED, ACCEPTED], Status.ACCEPTED, "both", True),
        ([CHECKED, DECLINED], Status.DECLINED, "nobody", False),
        ([CHECKED, ACCEPTED, MEETING], Status.MEETING, "both", True),
        ([CHECKED, ACCEPTED, MEETING, DEAL], Status.OUTCOME, "other", True),
        ([CHECKED, ACCEPTED, DEAL, CONFIRMED], Status.CONFIRMED, "nobody", True),
        ([CHECKED, ACCEPTED, DEAL, DISPUTED], Status.OUTCOME, "other", True),
    ],
)
def test_each_step_follows_from_the_records(
    events: list[Event], status: Status, acts: str, open_: bool
) -> None:
    found = state(*events)
    assert (found.status, found.acts, found.open) == (status, acts, open_)


def test_the_owner_sees_who_asks_before_the_asker_sees_the_owner() -> None:
    assert not state(ASKED).asker_shown
    assert state(CHECKED).asker_shown
    assert not state(CHECKED).open
    assert not state(CHECKED, DECLINED).asker_shown


def test_a_decline_brings_its_reason() -> None:
    assert state(CHECKED, DECLINED).reason == Reason.TOO_EARLY


def test_only_the_owner_s_node_can_accept_and_only_the_other_side_can_confirm() -> None:
    assert state(CHECKED, event("reply", "accepted", node=OSAKA)).status is Status.CHECKED
    assert state(CHECKED, event("reply", "accepted", node=KYOTO)).status is Status.CHECKED
    own = event("confirmation", "confirmed", node=OSAKA, day=22, detail=Result.BUSINESS)
    stranger = event("confirmation", "confirmed", node=KYOTO, day=22, detail=Result.BUSINESS)
    assert state(CHECKED, ACCEPTED, DEAL, own, stranger).status is Status.OUTCOME
    assert state(CHECKED, ACCEPTED, event("outcome", "meeting", node=KYOTO)).status is Status.ACCEPTED


def test_an_outcome_without_both_yeses_counts_for_nothing() -> None:
    assert state(CHECKED, PASSED, DEAL, CONFIRMED).status is Status.OFFERED
    assert state(ASKED, ACCEPTED, DEAL, CONFIRMED).status is Status.REQUESTED


def test_an_outcome_that_is_changed_after_its_confirmation_is_no_longer_confirmed() -> None:
    changed = event("outcome", Result.RESEARCH, node=OSAKA, day=25, revision=2)
    assert state(CHECKED, ACCEPTED, DEAL, CONFIRMED).result == Result.BUSINESS
    assert state(CHECKED, ACCEPTED, DEAL, CONFIRMED, changed).status is Status.OUTCOME


def test_an_end_without_result_needs_no_confirmation_but_can_be_disputed() -> None:
    nothing = event("outcome", Result.NONE, node=MUNICH, day=20)
    assert state(CHECKED, ACCEPTED, nothing).status is Status.CONFIRMED
    no = event("confirmation", "disputed", node=OSAKA, day=21, detail=Result.NONE, about=nothing.key)
    found = state(CHECKED, ACCEPTED, nothing, no)
    assert (found.status, found.disputed) == (Status.OUTCOME, True)


def test_a_meeting_that_is_called_off_leaves_the_introduction_where_it_was_before() -> None:
    off = event("outcome", "cancelled", node=OSAKA, day=12, id="meeting-1", revision=2)
    found = state(CHECKED, ACCEPTED, MEETING, off)
    assert (found.status, found.since, found.meetings) == (Status.ACCEPTED, off.at, (off,))
    again = event("outcome", "meeting", node=MUNICH, day=13, id="meeting-2")
    assert state(CHECKED, ACCEPTED, MEETING, off, again).status is Status.MEETING
    third = event("outcome", "cancelled", node=KYOTO, day=12, id="meeting-1", revision=2)
    assert state(CHECKED, ACCEPTED, MEETING, third).status is Status.MEETING


@pytest.mark.parametrize("gone", [CHECKED, ACCEPTED])
def test_either_side_can_withdraw_and_identities_close(gone: Event) -> None:
    withdrawn = event(gone.kind, gone.says, node=gone.node, day=5, revision=9, withdrawn=True)
    found = state(CHECKED, ACCEPTED, MEETING, withdrawn)
    assert not found.open
    assert found.status is (Status.WITHDRAWN if gone is CHECKED else Status.CHECKED)


def test_what_nobody_answers_expires_and_a_late_yes_opens_nothing() -> None:
    assert state(CHECKED, day=EXPIRES_AFTER.days + 0.9).status is Status.CHECKED
    found = state(CHECKED, day=EXPIRES_AFTER.days + 1)
    assert (found.status, found.due, found.acts) == (Status.EXPIRED, None, "nobody")
    late = event("reply", "accepted", node=MUNICH, day=EXPIRES_AFTER.days + 1)
    assert not state(CHECKED, late, day=90).open
    assert state(ASKED, day=EXPIRES_AFTER.days).status is Status.EXPIRED


def test_every_step_that_is_not_the_end_has_somebody_who_acts_and_a_due_day() -> None:
    for events in (
        [ASKED],
        [CHECKED],
        [RETURNED],
        [CHECKED, PASSED],
        [CHECKED, ACCEPTED],
        [CHECKED, ACCEPTED, MEETING],
        [CHECKED, ACCEPTED, DEAL],
    ):
        found = state(*events, day=5)
        assert found.due == found.since + NEXT[found.status].within
        assert found.acts != "nobody"
    assert state(CHECKED).acts_node == MUNICH
    assert state(ASKED).acts_node == OSAKA
    assert state(CHECKED, ACCEPTED, DEAL).acts_node == MUNICH


def test_silence_is_chased_and_then_escalated() -> None:
    found = state(CHECKED, PASSED)  # due 10 days after day 2

    def after(days: float) -> str:
        return urgency(found, START + timedelta(days=days))

    assert [after(8.9), after(9), after(12), after(19)] == ["", "soon", "overdue", "escalate"]
    assert urgency(state(CHECKED, DECLINED), START + timedelta(days=400)) == ""


def test_an_answer_comes_within_two_weeks_of_the_crossing() -> None:
    assert NEXT[Status.CHECKED].within + NEXT[Status.OFFERED].within == timedelta(days=14)


def test_a_yes_that_is_followed_by_a_no_closes_identities_again() -> None:
    later = event("reply", "declined", node=MUNICH, day=9, id="reply-2", detail=Reason.OFF_STRATEGY)
    assert state(CHECKED, ACCEPTED).open
    found = state(CHECKED, ACCEPTED, later)
    assert (found.status, found.open, found.asker_shown) == (Status.DECLINED, False, False)


def test_the_asker_can_take_its_question_back_in_so_many_words() -> None:
    back = event("interest", "withdrawn", node=OSAKA, day=9, revision=3)
    found = state(CHECKED, ACCEPTED, back)
    assert (found.status, found.withdrawn_by, found.open) == (Status.WITHDRAWN, OSAKA, False)


@pytest.mark.parametrize("before", [[ASKED], [CHECKED], [CHECKED, PASSED]])
def test_a_record_that_is_withdrawn_closes_what_has_no_answer_yet(before: list[Event]) -> None:
    gone = START + timedelta(days=5)
    found = derive(INTEREST, before, START + timedelta(days=6), gone=gone)
    assert found is not None
    assert (found.status, found.withdrawn_by, found.since) == (Status.WITHDRAWN, MUNICH, gone)


def test_a_record_that_is_withdrawn_after_both_yeses_changes_nothing() -> None:
    gone, now = START + timedelta(days=5), START + timedelta(days=6)
    assert derive(INTEREST, [CHECKED, ACCEPTED], now, gone=gone) == derive(INTEREST, [CHECKED, ACCEPTED], now)
    late = START + timedelta(days=200)
    found = derive(INTEREST, [CHECKED], late, gone=late)
    assert found is not None
    assert found.status is Status.EXPIRED  # it was over long before the record went


@pytest.mark.parametrize("events", [[CHECKED], [CHECKED, PASSED], [CHECKED, ACCEPTED, MEETING]])
def test_the_end_of_the_agreement_ends_what_is_under_way_and_closes_identities(events: list[Event]) -> None:
    ends = START + timedelta(days=11)
    before = derive(INTEREST, events, ends - timedelta(seconds=1), ends=ends)
    assert before == derive(INTEREST, events, ends - timedelta(seconds=1))
    found = derive(INTEREST, events, ends, ends=ends)
    assert found is not None
    assert (found.status, found.since, found.open, found.due) == (Status.ENDED, ends, False, None)
    done = derive(INTEREST, [CHECKED, ACCEPTED, DEAL, CONFIRMED], START + timedelta(days=99), ends=ends)
    assert done is not None
    assert (done.status, done.open) == (Status.CONFIRMED, False)


def test_an_interest_in_an_own_record_is_no_introduction_and_an_unknown_one_has_no_state() -> None:
    own = event("interest", "checked", node=OSAKA, about=(OSAKA, "offer-2"))
    assert derive(INTEREST, [own], START) is None
    assert derive(INTEREST, [ACCEPTED], START) is None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("interest", {"about": {"origin": MUNICH, "id": "1"}, "says": "accepted"}),
        ("reply", {"about": {"origin": MUNICH, "id": "1"}, "says": "declined"}),
        ("reply", {"about": {"origin": MUNICH, "id": "1"}, "says": "declined", "reason": "ugly"}),
        ("reply", {"about": {"origin": MUNICH, "id": "1"}, "says": "declined", "reason": ["ip"]}),
        ("reply", {"about": "1", "says": "accepted"}),
        ("reply", {"about": {"origin": MUNICH}, "says": "accepted"}),
        ("confirmation", {"about": {"origin": MUNICH, "id": "1"}, "says": "confirmed"}),
        ("offer", {"about": {"origin": MUNICH, "id": "1"}, "says": "checked"}),
        ("outcome", {"about": {"origin": MUNICH, "id": "1"}, "says": ["meeting"]}),
    ],
)
def test_a_body_that_is_not_in_its_form_is_no_event(kind: str, body: dict[str, Any]) -> None:
    assert read(MUNICH, "x", 1, kind, body, START, withdrawn=False) is None


def test_a_body_in_its_form_is_read() -> None:
    body = {"about": {"origin": OSAKA, "id": "interest-1"}, "says": "declined", "reason": "ip"}
    found = read(MUNICH, "reply-1", 2, "reply", body, START, withdrawn=False)
    assert found == event("reply", "declined", node=MUNICH, revision=2, detail="ip")


# ── Properties ───────────────────────────────────────────────────────────

nodes = st.sampled_from([OSAKA, MUNICH, KYOTO])
SAYS = {
    "interest": ["asked", "checked", "checked", "checked", "returned", "withdrawn"],
    "reply": ["passed", "accepted", "declined"],
    "outcome": ["meeting", "cancelled", "cda", "negotiation", "business", "none"],
    "confirmation": ["confirmed", "disputed"],
}


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event that some node could write, allowed or not."""
    kind = draw(st.sampled_from(sorted(SAYS)))
    says = draw(st.sampled_from(SAYS[kind]))
    detail = {"declined": "ip", "returned": "other"}.get(says) or (
        "business" if kind == "confirmation" else ""
    )
    node = draw(st.just(OSAKA) if kind == "interest" else nodes)
    about = {
        "interest": st.just(OFFER),
        "confirmation": st.sampled_from([(OSAKA, "outcome-1"), (MUNICH, "outcome-1"), (OSAKA, "outcome-2")]),
    }.get(kind, st.just(INTEREST))
    number = 1 if kind == "interest" else draw(st.integers(1, 2))
    return Event(
        node,
        f"{kind}-{number}",
        draw(st.integers(1, 3)),
        kind,
        draw(about),
        says,
        START + timedelta(days=draw(st.integers(0, 70))),
        detail,
        draw(st.integers(0, 5)) == 0,
    )


logs = st.lists(events(), max_size=14)
moments = st.integers(0, 100).map(lambda day: START + timedelta(days=day))
facts = st.fixed_dictionaries({"gone": st.none() | moments, "ends": st.none() | moments})


@settings(deadline=None, max_examples=300)
@given(logs, moments, facts, st.randoms(use_true_random=False), st.data())
def test_any_order_loss_and_repetition_of_pulls_ends_in_the_same_state(
    log: list[Event], now: datetime, more: dict[str, Any], chance: Any, data: st.DataObject
) -> None:
    expected = derive(INTEREST, log, now, **more)
    pulled: list[Event] = []
    for _ in range(data.draw(st.integers(0, 3))):  # pulls that are lost half way, or come again
        pulled += log[: data.draw(st.integers(0, len(log)))]
    pulled += log
    chance.shuffle(pulled)
    assert derive(INTEREST, pulled, now, **more) == expected


@settings(deadline=None, max_examples=300)
@given(logs, moments, facts, st.data())
def test_identities_are_open_only_while_both_yeses_stand_whatever_has_arrived(
    log: list[Event], now: datetime, more: dict[str, Any], data: st.DataObject
) -> None:
    arrived = [e for e in log if data.draw(st.booleans())]
    found = derive(INTEREST, arrived, now, **more)
    if found is None or not found.open:
        return
    assert more["ends"] is None or now < more["ends"]
    standing = [e for e in newest(arrived).values() if not e.withdrawn]
    assert any(e.key == INTEREST and e.says == "checked" for e in standing)
    assert any(e.node == MUNICH and e.says == "accepted" and e.about == INTEREST for e in standing)
    yes = {e.kind for e in found.history}
    assert {"interest", "reply"} <= yes


@settings(deadline=None, max_examples=200)
@given(logs, moments, facts)
def test_a_state_always_says_who_acts_or_that_it_is_over(
    log: list[Event], now: datetime, more: dict[str, Any]
) -> None:
    found = derive(INTEREST, log, now, **more)
    if found is None:
        return
    assert (found.due is None) == (found.acts == "nobody") == (found.status not in NEXT)
    assert found.open == (found.status in OPEN and not found.over)
    assert found.asker_shown or not found.open
    assert list(found.history) == sorted(found.history, key=lambda e: e.order)
    assert found.status is not Status.CONFIRMED or found.result


@settings(deadline=None, max_examples=200)
@given(logs, moments)
def test_what_a_third_node_writes_changes_nothing(log: list[Event], now: datetime) -> None:
    without = [e for e in log if e.node != KYOTO]
    assert derive(INTEREST, log, now) == derive(INTEREST, without, now)
