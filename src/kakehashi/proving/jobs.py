"""Due work of proving: hashes of tiles follow the logs."""

from datetime import datetime, timedelta

from kakehashi.proving import actions
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    """Hourly: until then a proof reckons the few missing hashes itself."""
    return [Job("tiles of the logs", timedelta(hours=1), _fill, wakes=False)]


def _fill(now: datetime) -> int:
    return actions.fill(now=now)
