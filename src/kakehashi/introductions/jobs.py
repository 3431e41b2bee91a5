"""The worker's part: contacts follow both yeses at once, and people are told what waits for them.

To derive thousands of introductions takes seconds, so it is done when something was said, else rarely.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.introductions import queries
from kakehashi.introductions.actions import forget_wordings, keep_contacts
from kakehashi.introductions.demonstration import play
from kakehashi.introductions.telling import tell
from kakehashi.work.loop import Job

Run = Callable[[datetime], int]
REST = timedelta(
    minutes=5
)  # without a word: a day that comes, an agreement that ends, a mail to be tried again


def jobs() -> list[Job]:
    played = (
        [Job("introductions.play", timedelta(seconds=5), lambda now: play(now=now))]
        if this.node().demo
        else []
    )
    half_a_minute = timedelta(seconds=30)
    return [
        *played,
        Job("introductions.contacts", half_a_minute, when_said(lambda now: keep_contacts(now=now))),
        Job("introductions.wordings", REST, lambda now: forget_wordings(now=now)),
        Job("introductions.tell", half_a_minute, when_said(lambda now: tell(now=now)), wakes=False),
    ]


def when_said(run: Run, rest: timedelta = REST) -> Run:
    """Runs once after each change of what was said or asked for, and whenever `rest` has passed."""
    seen: tuple[object, ...] | None = None
    last: datetime | None = None

    def call(now: datetime) -> int:
        nonlocal seen, last
        mark = (*queries.mark(WORKER, now), *queries.asked_mark(WORKER))
        if mark == seen and last is not None and now < last + rest:
            return 0
        done = run(now)
        seen, last = mark, now  # after it: what fails is tried again
        return done

    return call
