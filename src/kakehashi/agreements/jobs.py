"""The worker's part: agreements begin, run out and become void as time passes."""

from datetime import timedelta

from kakehashi.agreements.actions import advance_due
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    return [Job("agreements.advance", timedelta(seconds=30), lambda now: advance_due(now=now), wakes=False)]
