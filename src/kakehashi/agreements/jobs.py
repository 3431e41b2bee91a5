"""The worker’s part: agreements begin, run out and become void; managers are reminded before."""

from datetime import timedelta

from kakehashi.agreements.actions import advance_due
from kakehashi.agreements.reminding import remind
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    return [
        Job("agreements.advance", timedelta(seconds=30), lambda now: advance_due(now=now), wakes=False),
        Job("agreements.remind", timedelta(hours=1), lambda now: remind(now=now), wakes=False),
    ]
