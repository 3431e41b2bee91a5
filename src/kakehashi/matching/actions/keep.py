"""Keeps a snapshot of what search holds in memory, so that who starts need not read all tables."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kakehashi.matching.actions.changes import sight_changed
from kakehashi.matching.models import Change, Indexed
from kakehashi.matching.queries import kept
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.matching.snapshot import write
from kakehashi.records import showing

LEAST = 5_000  # readings below which reading the tables takes no second
OLDEST = timedelta(hours=1)  # of one that is no more as things are; so what is erased leaves the file, too
MANY = 50  # a fiftieth of all changed: to be written anew at once


def keep_snapshot(*, now: datetime) -> bool:
    """Write one if enough changed since the last; whether it did. With few readings none is kept at all."""
    if showing.count(LEAST + 1) <= LEAST:
        _sweep(0)
        return False
    beside = kept.folder() / f"{os.getpid()}.new"
    with SHELVES.shelf() as shelf, MEMORY.corpus() as corpus:
        state = {"shelf": SHELVES.state(), "corpus": MEMORY.state()}
        if _will_do(state, now):
            return False
        content = {**state, "at": now.isoformat(), "names": corpus.names(), "content": shelf.content()}
        write(beside, content, {**corpus.columns(), **shelf.columns()})
    with transaction.atomic():
        sight_changed([kept.NOBODY])
        number = kept.number()
        beside.replace(kept.path(number))
    _sweep(number)
    return True


def _will_do(state: dict[str, Any], now: datetime) -> bool:
    """Whether the snapshot in force says nearly what another one would."""
    found = kept.latest()
    if found is None or found.said["corpus"]["basis"] != state["corpus"]["basis"]:
        return False
    seen = min(found.said["shelf"], found.said["corpus"]["change"])
    changed = Change.objects.filter(pk__gt=seen).exclude(reading=kept.NOBODY).count()
    changed += Indexed.objects.filter(stamp__gt=found.said["corpus"]["stamp"]).count()
    if not changed:
        return True
    return now - datetime.fromisoformat(found.said["at"]) < OLDEST and changed * MANY < showing.count()


def _sweep(but: int) -> None:
    """Remove all others; one that a process still has in use may stay on some systems until the next time."""
    for path in kept.folder().glob("*"):
        if path != kept.path(but):
            with suppress(OSError):
                path.unlink()
