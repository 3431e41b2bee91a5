"""The worker's part: on the demonstration's nodes, figures of the invented organisations."""

from datetime import timedelta

from kakehashi import this
from kakehashi.sme.demonstration import enter
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    if not this.node().demo:
        return []
    return [Job("sme.demonstration", timedelta(seconds=10), lambda now: enter(now=now), wakes=False)]
