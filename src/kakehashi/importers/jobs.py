"""Due work of importers: uploads nobody came back to are deleted."""

from datetime import timedelta

from kakehashi.importers import actions
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    """What the worker runs for this folder."""
    return [Job("importers.forget", timedelta(hours=1), lambda now: actions.forget_due(now=now), wakes=False)]
