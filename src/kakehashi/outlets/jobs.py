"""The worker's part: what changed in public records gets its datestamp."""

from datetime import datetime, timedelta

from django.db import transaction

from kakehashi import clock
from kakehashi.outlets import actions, queries
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    return [Job("outlets.notice", timedelta(seconds=10), notice, wakes=False)]


def notice(now: datetime) -> int:
    """Stamp all that is due, batch by batch."""
    count = 0
    while stamped := _batch(now):
        count += stamped
    return count


def _batch(now: datetime) -> int:
    if not queries.unnoticed(now).exists() and not queries.closed(now).exists():
        return 0
    with transaction.atomic():  # its turn to write may take seconds to come: the clock is read then
        return actions.notice(now=clock.now())
