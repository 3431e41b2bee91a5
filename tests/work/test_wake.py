"""A commit by another process is noticed within a moment."""

import threading

import pytest

from kakehashi import clock
from kakehashi.audit.actions import note
from kakehashi.work import wake

PATIENCE = 120.0  # seconds; the machine of the tests may be busy


@pytest.mark.django_db(transaction=True)
def test_a_commit_rings_and_silence_does_not() -> None:
    stop, rung = threading.Event(), threading.Event()
    watcher = threading.Thread(target=wake.watch, args=(rung.set, stop))
    watcher.start()
    try:
        assert rung.wait(PATIENCE)  # once at the start
        rung.clear()
        assert not rung.wait(0.6)
        note(at=clock.now(), actor="worker", action="test", object="x")
        assert rung.wait(PATIENCE)
    finally:
        stop.set()
        watcher.join(PATIENCE)
    assert not watcher.is_alive()
