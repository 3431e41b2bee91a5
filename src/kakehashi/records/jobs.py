"""The worker's part: records expire, and are archived two years later."""

from datetime import timedelta

from kakehashi.records.actions import archive_due, expire_due
from kakehashi.records.telling import tell
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    return [
        Job("records.tell", timedelta(minutes=1), lambda now: tell(now=now) > 0, wakes=False),
        Job("records.expire", timedelta(seconds=60), lambda now: expire_due(now=now), wakes=False),
        Job("records.archive", timedelta(hours=1), lambda now: archive_due(now=now), wakes=False),
    ]
