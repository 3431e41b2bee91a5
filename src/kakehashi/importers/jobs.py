"""Due work of importers: long sheets that were agreed to, and uploads nobody came back to."""

from datetime import timedelta

from kakehashi.importers import actions
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    """What the worker runs for this folder."""
    return [
        Job("importers.carry-on", timedelta(minutes=5), lambda now: actions.carry_on(now=now)),
        Job("importers.forget", timedelta(hours=1), lambda now: actions.forget_due(now=now), wakes=False),
    ]
