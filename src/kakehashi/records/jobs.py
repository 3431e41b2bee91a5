"""Due work on records: expiry."""

from datetime import timedelta

from kakehashi.records import actions
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    """What the worker runs for this folder."""
    return [Job("records.expire", timedelta(minutes=1), lambda now: actions.expire_due(now=now), wakes=False)]
