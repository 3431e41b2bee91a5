"""The worker's part: at start partners are asked and data checked; each night everything is checked anew."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from kakehashi import clock, this
from kakehashi.exchange.actions import verifying
from kakehashi.exchange.jobs import client
from kakehashi.recovery import actions
from kakehashi.recovery.queries import ALIVE
from kakehashi.work.loop import Job

NIGHTLY = "nightly"
A_DAY = timedelta(hours=24)


def jobs() -> list[Job]:
    actions.begin(now=clock.now())
    actions.check(now=clock.now())
    return [
        Job("recovery.alive", timedelta(seconds=10), alive, wakes=False),
        Job("recovery.settle", timedelta(seconds=2), settle, wakes=False),
        Job("recovery.nightly", timedelta(minutes=30), nightly, wakes=False),
    ]


def alive(now: datetime) -> None:
    """A sign for those who look after the node; in the folder, since a commit would wake all jobs."""
    _touch(this.node().folder / ALIVE)


def settle(now: datetime) -> None:
    """Let own logs grow again as soon as partners have answered."""
    actions.settle(client(), clock.now)


def nightly(now: datetime) -> int:
    """Once in 24 hours: the database, roots, every header and part; expired sign-ins are forgotten."""
    last = this.node().folder / NIGHTLY
    if last.exists() and now.timestamp() - last.stat().st_mtime < A_DAY.total_seconds():
        return 0
    _touch(last)
    actions.check(now=now)
    call_command("clearsessions")
    return verifying.verify_all(now=now)


def _touch(path: Path) -> None:
    path.touch(mode=0o600)
