"""No file of this node keeps what was erased: the database is written anew after its rows are gone.

SQLite's `secure_delete` overwrites what is deleted, yet copies can stay in pages that were rearranged and in
segments of the full-text index. So both are written anew, and the write-ahead log is emptied. On PostgreSQL
VACUUM FULL writes every table anew, and the server is asked to let go of its own log up to there, if our role
may ask; what its settings keep of it longer, `kakehashi doctor` says.
"""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import ProgrammingError, connection

from kakehashi import this
from kakehashi.exchange import erase_list
from kakehashi.exchange.actions import ending
from kakehashi.exchange.models import Erasure

log = logging.getLogger(__name__)
NAME = "erased.scrubbed"  # how long the erase list was then, and when it may be done again
REST = 60  # times as long as it took, until it may be done again: a large database blocks its writers


@dataclass(frozen=True)
class _Last:
    """The last time: how long the erase list was, and when the next time may be."""

    length: int = 0
    again: datetime | None = None


def scrub(*, now: datetime) -> int:
    """Write the database's files anew if something was erased since; gives the number of log entries done.

    Outside of any transaction. Those entries are told to the origin in the next receipt.
    """
    due = list(Erasure.objects.filter(scrubbed_at__isnull=True).values_list("pk", flat=True))
    length, last = erase_list.length(this.node().folder), _last()
    purges = ending.unstated()
    if (not due and not purges and length == last.length) or (last.again is not None and now < last.again):
        return 0
    began = time.monotonic()
    if not REWRITE[connection.vendor]():
        log.warning("the database is in use: what was erased is scrubbed from its files a little later")
        return 0
    again = now + timedelta(seconds=REST * (time.monotonic() - began))
    (this.node().folder / NAME).write_text(f"{length} {again.isoformat()}", "ascii")
    for row in purges:
        ending.state(row=row, now=now)
    return Erasure.objects.filter(pk__in=due).update(scrubbed_at=now)


def _last() -> _Last:
    path = this.node().folder / NAME
    if not path.exists():
        return _Last()
    length, again = path.read_text("ascii").split(" ")
    return _Last(int(length), datetime.fromisoformat(again))


def _rewrite_sqlite() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE% USING fts5(%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'optimize\')')  # noqa: S608  # our own table
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone()
    return not busy


def _rewrite_postgresql() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL)")
    let_go()
    return True


def let_go() -> None:
    """Have PostgreSQL go on in a new file of its log, so that those before it are needed no more."""
    with connection.cursor() as cursor:
        for step in ("SELECT pg_switch_wal()", "CHECKPOINT"):
            with suppress(ProgrammingError):  # our role may not: the server does it later, by itself
                cursor.execute(step)


REWRITE = {"sqlite": _rewrite_sqlite, "postgresql": _rewrite_postgresql}
