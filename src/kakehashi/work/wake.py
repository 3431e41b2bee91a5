"""Notices within a moment that something was committed to this node's database, by whatever process."""

import logging
import threading

from django.db import DatabaseError, connection

from kakehashi.work.loop import Ring

log = logging.getLogger(__name__)

# What changes with each commit, and how often (seconds) it costs nothing to look at it.
# SQLite counts the commits of other connections; PostgreSQL's snapshot names the transactions in progress.
SIGNS = {
    "sqlite": ("PRAGMA data_version", 0.025),
    "postgresql": ("SELECT pg_current_snapshot()::text", 0.25),
}
AFTER_TROUBLE = 5.0


def watch(ring: Ring, stop: threading.Event) -> None:
    """Call `ring` after each commit until `stop` is set; in a thread, and so a connection, of its own."""
    question, pause = SIGNS[connection.vendor]
    seen: object = None
    try:
        while not stop.is_set():
            try:
                present = _answer(question)
            except DatabaseError:
                log.exception("cannot watch the database")
                connection.close()
                stop.wait(AFTER_TROUBLE)
                continue
            if present != seen:
                seen = present
                ring()
            stop.wait(pause)
    finally:
        connection.close()


def _answer(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()
