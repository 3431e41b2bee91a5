"""Runs each job when it is due or when something was committed; one that fails or is slow stops no other.

Work is found in rows, never kept in a queue, so a worker that dies loses nothing. Each job has a thread of
its own: one that waits for a partner's answer delays nobody. A job that finds nothing due must write
nothing, since every commit wakes the others.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from kakehashi import clock

log = logging.getLogger(__name__)

# Seconds between two runs that follow each other because commits go on: from the first to the last.
SHORTEST_REST, LONGEST_REST = 0.05, 1.0
# Seconds after a failure: doubled each time, up to five minutes.
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 300.0
# Seconds that running jobs have to end once the worker is told to stop. A longer one is cut off, undone by
# its transaction, and found again by the next worker.
GRACE = 2.0

Ring: TypeAlias = Callable[[], None]
Watch: TypeAlias = Callable[[Ring, threading.Event], None]


@dataclass(frozen=True)
class Job:
    """Something to be done again and again.

    `run(now)` does what is due and says how many rows that were (None: it does not count). `wakes` is
    False for work that follows the calendar and not what people do.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], int | None]
    wakes: bool = True


class Bell:
    """Wakes all who wait. Its strokes are counted, so that none is missed between two waits."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.strokes = 0

    def ring(self) -> None:
        with self._condition:
            self.strokes += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> bool:
        """True once there are more strokes than `heard`, False if `seconds` pass without."""
        with self._condition:
            return self._condition.wait_for(lambda: self.strokes > heard, timeout=seconds)


def backoff(failures: int) -> float:
    """Seconds to wait after that many failures in a row."""
    return min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** min(failures - 1, 20))


def rest(before: float, quiet: float) -> float:
    """Seconds to wait before the next run when woken: none after a quiet time, else longer each time."""
    return 0.0 if quiet >= LONGEST_REST else min(LONGEST_REST, max(SHORTEST_REST, before * 2))


def run_forever(
    jobs: Sequence[Job],
    stop: threading.Event,
    clock: Callable[[], datetime] = clock.now,
    watch: Watch | None = None,
) -> None:
    """Run `jobs` until `stop` is set. `watch(ring, stop)` calls `ring` after each commit of somebody else."""
    bell = Bell()
    threads = [
        threading.Thread(target=_attend, args=(job, bell, stop, clock), name=job.name, daemon=True)
        for job in jobs
    ]
    if watch:
        threads.append(threading.Thread(target=watch, args=(bell.ring, stop), name="watch", daemon=True))
    for thread in threads:
        thread.start()
    while not stop.wait(1.0):  # a wait without end would not hear Ctrl-C on every platform
        pass
    bell.ring()
    deadline = time.monotonic() + GRACE
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _attend(job: Job, bell: Bell, stop: threading.Event, clock: Callable[[], datetime]) -> None:
    failures, pause = 0, 0.0
    while True:
        heard = bell.strokes  # before the question below: the last stroke comes after `stop`
        if stop.is_set():
            return
        failures = 0 if _done(job, clock()) else failures + 1
        if failures:
            stop.wait(backoff(failures))
            continue
        ended = time.monotonic()
        if job.wakes:
            woken = bell.wait(heard, job.every.total_seconds())
            pause = rest(pause, time.monotonic() - ended) if woken else 0.0
            stop.wait(pause)
        else:
            stop.wait(job.every.total_seconds())


def _done(job: Job, now: datetime) -> bool:
    try:
        count = job.run(now)
    except Exception:  # whatever it is, the other jobs and the next try must go on
        log.exception("%s failed", job.name)
        return False
    if count:
        log.info("%s: %d", job.name, count)
    return True
