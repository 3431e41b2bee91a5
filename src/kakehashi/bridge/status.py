"""What a node holds, gave and received, and what is left to do: for `status`, the progress and the report."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from kakehashi import this
from kakehashi.accounts import demonstration as cast
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.exchange import queries as exchange
from kakehashi.matching import actions as matches
from kakehashi.matching import queries as matching
from kakehashi.records import queries as records
from kakehashi.records.kinds import KINDS

Facts = dict[str, Any]
PAUSE = 0.4  # seconds between looks
BEST = 3


def facts(now: datetime) -> Facts:
    """Progress as [done, all] per step, and [kind, given, received] per kind."""
    given = records.crossings_by_kind(WORKER, now, received=False)
    received = records.crossings_by_kind(WORKER, now, received=True)
    work = matching.progress()
    lag = exchange.lag(now)
    return {
        "given": [lag.acknowledged, lag.written],
        "received": [lag.applied, lag.offered],
        "encoder": matching.encoder_in_words(),
        "encoded": [work.encoded, work.texts],
        "matched": [work.matched, work.readings],
        "kinds": [[kind, given.get(kind, 0), received.get(kind, 0)] for kind in KINDS],
    }


def is_done(found: Facts, now: datetime) -> bool:
    """True when nothing waits: letters delivered, logs read, texts encoded, records matched."""
    if agreements.due_deliveries(now) or not exchange.is_connected(now):
        return False
    return all(found[step][0] == found[step][1] for step in ("given", "received", "encoded", "matched"))


def until_done(clock: Callable[[], datetime]) -> Iterator[Facts]:
    """Facts again and again, and once more with the report when nothing is left to do."""
    quiet = 0
    while quiet < 3:  # a pause between two steps is not the end
        found = facts(clock())
        quiet = quiet + 1 if is_done(found, clock()) else 0
        yield found
        time.sleep(PAUSE)
    yield {**found, **report(clock())}


def report(now: datetime) -> Facts:
    """What the terminal shows at the end: distinct pairs, the three best with their reasons, sign-ins."""
    return {
        "pairs": matching.count_pairs(WORKER, now),
        "best": matches.best_in_words(viewer=WORKER, limit=BEST, lang="en", now=now),
        "people": [[person.role.name.lower(), person.email, person.password] for person in people()],
    }


def people() -> list[cast.Person]:
    """The demonstration's sign-ins; none on a node of one's own."""
    node = this.node()
    return cast.people(node.side) if node.demo else []
