"""The corpus of this process: loaded from the tables at first use, and brought up to date before each use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Count, Max

from kakehashi.matching import basis
from kakehashi.matching.basis import Basis
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.encoder import Encoder, default
from kakehashi.matching.models import Indexed
from kakehashi.matching.queries.basis import COLUMNS, entries, in_force
from kakehashi.matching.queries.due import encoder_id
from kakehashi.records.lifecycle import State

CHUNK = 500


class Memory:
    """One corpus with its lock. `stamp` is the last change that it has seen."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._corpus: Corpus | None = None
        self._stamp = 0
        self._last: tuple[int, str] | None = None

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
        version = in_force(name).values_list("version", flat=True).first() or ""
        present = Indexed.objects.filter(encoder=name, reading__state=State.PUBLISHED)
        now = present.aggregate(last=Max("stamp"), count=Count("pk"))
        last = now["last"] or 0
        if self._corpus is None or last < self._stamp or self._outdated(self._corpus, version):
            stored = in_force(name).filter(version=version).first()
            fresh = basis.thaw(stored.version, stored.content) if stored else Basis()
            self._corpus, self._stamp = Corpus(encoder.dimension, fresh), 0
        if last > self._stamp:
            self._read(self._corpus, encoder, last)
        if len(self._corpus) != now["count"]:
            for key in self._corpus.slots.keys() - set(present.values_list("reading_id", flat=True)):
                self._corpus.drop(key)
        return self._corpus

    def _outdated(self, corpus: Corpus, version: str) -> bool:
        """Another basis, more dead slots than living ones, or a database put back to an earlier state."""
        if version != corpus.basis.version or corpus.size > 2 * len(corpus) + CHUNK:
            return True
        seen = Indexed.objects.filter(stamp=self._stamp).values_list("reading_id", "digest").first()
        return seen is not None and seen != self._last

    def _read(self, corpus: Corpus, encoder: Encoder, last: int) -> None:
        name = encoder_id(encoder)
        rows = Indexed.objects.filter(stamp__lte=last, encoder=name, reading__state=State.PUBLISHED)
        rows = rows.order_by("stamp").select_related("reading").only(*COLUMNS)
        while batch := list(rows.filter(stamp__gt=self._stamp)[:CHUNK]):
            for entry in entries(batch, name, encoder.dimension):
                corpus.put(entry)
            self._stamp = batch[-1].stamp
            self._last = (batch[-1].reading_id, batch[-1].digest)
        self._stamp = max(last, self._stamp)


MEMORY = Memory()
