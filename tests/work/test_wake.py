"""A commit by another process is noticed within a moment."""

import threading
import time

import pytest
from django.db import connection

from kakehashi import clock
from kakehashi.audit.actions import note
from kakehashi.work import wake


@pytest.mark.django_db(transaction=True)
def test_a_commit_rings_within_a_moment_and_silence_does_not() -> None:
    stop, rung = threading.Event(), threading.Event()
    watcher = threading.Thread(target=wake.watch, args=(rung.set, stop))
    watcher.start()
    try:
        assert rung.wait(5)  # once at the start
        time.sleep(0.6)
        rung.clear()
        assert not rung.wait(0.6)
        committed = time.monotonic()
        note(at=clock.now(), actor="worker", action="test", object="x")
        assert rung.wait(5)
        assert time.monotonic() - committed < (0.2 if connection.vendor == "sqlite" else 0.6)
    finally:
        stop.set()
        watcher.join(10)
    assert not watcher.is_alive()
