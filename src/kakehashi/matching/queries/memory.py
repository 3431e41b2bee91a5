"""The corpus of this process: loaded from the tables at first use, and brought up to date before each use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from kakehashi.matching import basis
from kakehashi.matching.basis import Basis
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.encoder import Encoder, default
from kakehashi.matching.models import Change, Indexed
from kakehashi.matching.queries.basis import COLUMNS, entries, in_force
from kakehashi.matching.queries.due import encoder_id
from kakehashi.matching.rank import RULES
from kakehashi.records.lifecycle import State

CHUNK = 2_000  # records that are read at a time


class Memory:
    """One corpus with its lock: `stamp` is the last text that it has read, `change` the last change seen."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._corpus: Corpus | None = None
        self._stamp = 0
        self._last: tuple[int, str] | None = None
        self._change = 0

    @contextmanager
    def corpus(self, encoder: Encoder | None = None) -> Iterator[Corpus]:
        """The corpus as of now; nobody else changes or reads it meanwhile."""
        with self._lock:
            yield self._fresh(encoder or default())

    def forget(self) -> None:
        """Load everything anew next time."""
        with self._lock:
            self._corpus, self._stamp = None, 0

    def _fresh(self, encoder: Encoder) -> Corpus:
        name = encoder_id(encoder)
        version, last, change, *seen = _standing(name, self._stamp)
        if self._corpus is None or last < self._stamp or self._outdated(self._corpus, version, seen):
            stored = in_force(name).filter(version=version).first()
            fresh = basis.thaw(stored.version, stored.content) if stored else Basis()
            self._corpus, self._stamp, self._change = Corpus(encoder.dimension, fresh), 0, change
        if last > self._stamp:
            self._read(self._corpus, encoder, last)
        if change > self._change:
            self._clear(self._corpus, name)
            self._change = change
        return self._corpus

    def _clear(self, corpus: Corpus, name: str) -> None:
        """Take out what left since: unpublished, removed, or waiting to be encoded anew."""
        changed = set(Change.objects.filter(pk__gt=self._change).values_list("reading", flat=True))
        there = Indexed.objects.filter(encoder=name, reading__state=State.PUBLISHED)
        for first in range(0, len(gone := [key for key in changed if key in corpus.slots]), CHUNK):
            part = gone[first : first + CHUNK]
            for key in set(part) - set(there.filter(pk__in=part).values_list("pk", flat=True)):
                corpus.drop(key)

    def _outdated(self, corpus: Corpus, version: str, seen: list[Any]) -> bool:
        """Another basis, more dead slots than living ones, or a database put back to an earlier state."""
        if version != corpus.basis.version or corpus.size > 2 * len(corpus) + CHUNK:
            return True
        return seen[0] is not None and tuple(seen) != self._last

    def _read(self, corpus: Corpus, encoder: Encoder, last: int) -> None:
        name = encoder_id(encoder)
        rows = Indexed.objects.filter(stamp__lte=last, encoder=name, reading__state=State.PUBLISHED)
        rows = rows.order_by("stamp").select_related("reading").only(*COLUMNS)
        while batch := list(rows.filter(stamp__gt=self._stamp)[:CHUNK]):
            corpus.put(entries(batch, name, encoder.dimension))
            self._stamp = batch[-1].stamp
            self._last = (batch[-1].reading_id, batch[-1].digest)
        self._stamp = max(last, self._stamp)


def _standing(encoder: str, stamp: int) -> tuple[str, int, int, int | None, str | None]:
    """The version of the basis in force, the last text and change, and what stands at a stamp; one question.

    Asked before every answer: written out, it takes a tenth of what the ORM takes to write it each time.
    """
    statement = """
        SELECT (SELECT version FROM matching_basis WHERE encoder = %s AND version LIKE %s),
               (SELECT MAX(stamp) FROM matching_indexed), (SELECT MAX(id) FROM matching_change),
               (SELECT reading_id FROM matching_indexed WHERE stamp = %s),
               (SELECT digest FROM matching_indexed WHERE stamp = %s)"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [encoder, f"{RULES}-%", stamp, stamp])
        version, last, change, *seen = cursor.fetchone()
    return version or "", last or 0, change or 0, *seen


MEMORY = Memory()
