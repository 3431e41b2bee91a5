"""The worker's loop: due, woken, failing, slow and stopped jobs."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.work import loop
from kakehashi.work.loop import Bell, Job, Ring

HOUR = timedelta(hours=1)
SOON = 120.0  # far more than needed; a busy machine may take its time


class Counter:
    """A job's work that counts its runs and lets a test wait for them."""

    def __init__(self, fails: int = 0) -> None:
        self.runs = 0
        self.fails = fails
        self.told: list[datetime] = []
        self._condition = threading.Condition()

    def __call__(self, now: datetime) -> int:
        with self._condition:
            self.runs += 1
            self.told.append(now)
            self._condition.notify_all()
            if self.runs <= self.fails:
                raise RuntimeError("as asked")
        return 1

    def reach(self, runs: int) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self.runs >= runs, timeout=SOON)


@contextmanager
def running(jobs: Sequence[Job]) -> Iterator[Ring]:
    """The loop in a thread of its own; gives what rings its bell."""
    stop, ready, rings = threading.Event(), threading.Event(), []

    def watch(ring: Ring, stop: threading.Event) -> None:
        rings.append(ring)
        ready.set()

    thread = threading.Thread(target=loop.run_forever, args=(jobs, stop), kwargs={"watch": watch})
    thread.start()
    assert ready.wait(SOON)
    try:
        yield rings[0]
    finally:
        stop.set()
        thread.join(SOON + loop.GRACE)
        assert not thread.is_alive()


def test_a_job_runs_at_the_start_and_then_at_its_interval() -> None:
    often, rarely = Counter(), Counter()
    with running([Job("often", timedelta(milliseconds=20), often), Job("rarely", HOUR, rarely)]):
        assert often.reach(4)
    assert rarely.runs == 1


def test_a_commit_wakes_a_job_long_before_it_is_due() -> None:
    work = Counter()
    with running([Job("work", HOUR, work)]) as ring:
        assert work.reach(1)
        ring()
        assert work.reach(2)


def test_work_that_follows_the_calendar_is_not_woken() -> None:
    woken, calendar = Counter(), Counter()
    with running([Job("woken", HOUR, woken), Job("calendar", HOUR, calendar, wakes=False)]) as ring:
        assert calendar.reach(1)
        assert woken.reach(1)
        ring()
        assert woken.reach(2)
    assert calendar.runs == 1


def test_a_commit_during_a_run_is_not_missed() -> None:
    entered, leave, runs = threading.Event(), threading.Event(), []

    def work(now: datetime) -> None:
        runs.append(now)
        entered.set()
        assert leave.wait(SOON)

    with running([Job("work", HOUR, work)]) as ring:
        assert entered.wait(SOON)
        entered.clear()
        ring()
        leave.set()
        assert entered.wait(SOON)
    assert len(runs) == 2


def test_a_job_that_raises_is_logged_tried_again_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loop, "FIRST_BACKOFF", 0.01)
    bad, good = Counter(fails=2), Counter()
    with running([Job("bad", HOUR, bad), Job("good", timedelta(milliseconds=20), good)]):
        assert bad.reach(3)
        assert good.reach(3)
    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == ["bad failed", "bad failed"]


def test_a_failing_job_is_not_hurried_by_commits() -> None:
    bad, good = Counter(fails=100), Counter()
    with running([Job("bad", HOUR, bad), Job("good", HOUR, good)]) as ring:
        assert bad.reach(1)
        for run in range(2, 5):
            ring()
            assert good.reach(run)
    assert bad.runs == 1


def test_a_slow_job_delays_no_other() -> None:
    leave, good = threading.Event(), Counter()
    slow = Job("slow", HOUR, lambda now: int(leave.wait(SOON)))
    with running([slow, Job("good", timedelta(milliseconds=10), good)]):
        assert good.reach(5)
        leave.set()


def test_a_job_that_will_not_end_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "GRACE", 0.1)
    begun, leave, left = threading.Event(), threading.Event(), threading.Event()

    def stuck(now: datetime) -> int:
        begun.set()
        leave.wait(SOON)
        left.set()
        return 0

    with running([Job("stuck", HOUR, stuck)]):
        assert begun.wait(SOON)
    assert not left.is_set()  # the loop has ended, the job has not
    leave.set()
    assert left.wait(SOON)


def test_a_job_is_told_the_time_of_the_clock_it_was_given() -> None:
    work, stop = Counter(), threading.Event()
    then = datetime(2027, 1, 1, tzinfo=UTC)
    thread = threading.Thread(target=loop.run_forever, args=([Job("work", HOUR, work)], stop, lambda: then))
    thread.start()
    assert work.reach(1)
    stop.set()
    thread.join(SOON)
    assert work.told == [then]


def test_commits_without_end_are_answered_about_once_a_second() -> None:
    pauses, pause = [], 0.0
    for _ in range(12):
        pause = loop.rest(pause, quiet=0.01)
        pauses.append(pause)
    assert pauses[0] == loop.SHORTEST_REST
    assert pauses == sorted(pauses)
    assert pauses[-1] == loop.LONGEST_REST
    assert loop.rest(pause, quiet=30.0) == 0.0


@given(st.integers(min_value=1, max_value=10**6))
def test_backoff_grows_and_never_exceeds_five_minutes(failures: int) -> None:
    assert loop.FIRST_BACKOFF <= loop.backoff(failures) <= loop.backoff(failures + 1) <= 300


def test_a_bell_rung_before_the_wait_is_heard() -> None:
    bell = Bell()
    bell.ring()
    assert bell.wait(0, 0.01)
    assert not bell.wait(1, 0.01)
