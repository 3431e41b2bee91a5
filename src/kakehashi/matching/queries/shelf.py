"""The shelf of this process: loaded from the tables at first use, and brought up to date before each use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from kakehashi.matching.models import Change
from kakehashi.matching.queries import kept
from kakehashi.matching.shelf import Shelf
from kakehashi.records import showing

FEW = 500  # changed readings that are asked for by key


class Shelves:
    """One shelf with its lock. `last` is the number of the latest change that it has seen."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._shelf: Shelf | None = None
        self._last = 0

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """The shelf as of now; nobody else changes or reads it meanwhile."""
        with self._lock:
            yield self._fresh()

    def forget(self) -> None:
        """Load everything anew next time."""
        with self._lock:
            self._shelf, self._last = None, 0

    def _fresh(self) -> Shelf:
        with connection.cursor() as cursor:
            cursor.execute("SELECT MAX(id) FROM matching_change")
            last = cursor.fetchone()[0] or 0
        if self._shelf is None or last < self._last:
            self._shelf = self._begin(last)
        if last > self._last:
            changed = Change.objects.filter(pk__gt=self._last).order_by("pk")
            keys = list(changed.values_list("reading", flat=True))
            for first in range(0, len(keys), FEW):
                part = keys[first : first + FEW]
                self._shelf.drop(part)
                self._shelf.put(showing.of(part))
            self._last = last
        return self._shelf

    def _begin(self, last: int) -> Shelf:
        """From the snapshot if there is one, else from the tables."""
        shelf = Shelf()
        if (found := kept.latest()) and kept.filled(found, shelf.columns()):
            shelf.take(found.said["content"])
            self._last = found.said["shelf"]
            return shelf
        shelf, self._last = Shelf(), last
        for shown in showing.every():
            shelf.put(shown)
        return shelf

    def state(self) -> int:
        """The last change that the shelf has seen, for a snapshot; asked for while it is held."""
        return self._last


SHELVES = Shelves()
