"""The corpus of this process: loaded from the tables at first use, and brought up to date before each use."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db.models import Max

from kakehashi.matching.centre import Centres
from kakehashi.matching.corpus import Corpus, Entry, Means
from kakehashi.matching.encoder import Encoder, default
from kakehashi.matching.models import Centre, Indexed, Vector
from kakehashi.matching.queries.due import encoder_id, thaw

CHUNK = 500


class Memory:
    """One corpus with its lock. `stamp` is the last change that it has seen."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._corpus: Corpus | None = None
        self._stamp = 0
        self._last: tuple[int, str] | None = None
        self._means_at: object = None

    @contextmanager
    def corpus(self, encoder: Encoder | None = None) -> Iterator[Corpus]:
        """The corpus as of now; nobody else changes or reads it meanwhile."""
        with self._lock:
            yield self._fresh(encoder or default())

    def forget(self) -> None:
        """Load everything anew next time."""
        with self._lock:
            self._corpus, self._stamp, self._means_at = None, 0, None

    def _fresh(self, encoder: Encoder) -> Corpus:
        name = encoder_id(encoder)
        means_at = Centre.objects.filter(encoder=name).aggregate(last=Max("computed_at"))["last"]
        last = Indexed.objects.aggregate(last=Max("stamp"))["last"] or 0
        if self._corpus is None or means_at != self._means_at or last < self._stamp or self._replaced():
            self._corpus, self._stamp, self._means_at = Corpus(encoder.dimension, means(name)), 0, means_at
        if last > self._stamp:
            self._read(self._corpus, name, last)
        if len(self._corpus) != Indexed.objects.filter(encoder=name).count():
            self._drop(self._corpus, name)
        return self._corpus

    def _replaced(self) -> bool:
        """True if the change seen last is another one now: the database was put back to an earlier state."""
        present = Indexed.objects.filter(stamp=self._stamp).values_list("reading_id", "digest").first()
        return present is not None and present != self._last

    def _read(self, corpus: Corpus, encoder: str, last: int) -> None:
        rows = Indexed.objects.filter(stamp__gt=self._stamp, stamp__lte=last, encoder=encoder).order_by(
            "stamp"
        )
        while batch := list(
            rows.filter(stamp__gt=self._stamp).select_related("reading").only(*_COLUMNS)[:CHUNK]
        ):
            vectors = _vectors([row.reading_id for row in batch], encoder)
            for row in batch:
                corpus.put(_entry(row, vectors[row.reading_id], corpus))
            self._stamp = batch[-1].stamp
            self._last = (batch[-1].reading_id, batch[-1].digest)
        self._stamp = max(last, self._stamp)

    def _drop(self, corpus: Corpus, encoder: str) -> None:
        present = set(Indexed.objects.filter(encoder=encoder).values_list("reading_id", flat=True))
        for key in corpus.slots.keys() - present:
            corpus.drop(key)


_COLUMNS = ("stamp", "digest", "facts", "concepts", "words", "reading__own")
_Stored = tuple[int, str, bytes | memoryview]


def _vectors(readings: list[int], encoder: str) -> dict[int, list[_Stored]]:
    found: dict[int, list[_Stored]] = defaultdict(list)
    rows = Vector.objects.filter(reading__in=readings, encoder=encoder).order_by("reading", "part", "lang")
    for reading, part, lang, values in rows.values_list("reading_id", "part", "lang", "values"):
        found[reading].append((part, lang, values))
    return found


def _entry(row: Indexed, stored: list[_Stored], corpus: Corpus) -> Entry:
    rows = [
        (part, lang, np.frombuffer(bytes(values), "<f2").astype(np.float32)) for part, lang, values in stored
    ]
    passages = [(lang, vector) for part, lang, vector in rows if part > 0]
    return Entry(
        key=row.reading_id,
        own=row.reading.own,
        facts=thaw(row.facts),
        heads={lang: vector for part, lang, vector in rows if part == 0},
        passages=np.stack([v for _, v in passages])
        if passages
        else np.zeros((0, corpus.dimension), np.float32),
        passage_langs=tuple(lang for lang, _ in passages),
        concepts=frozenset(row.concepts),
        words=frozenset(row.words),
    )


def means(encoder: str) -> Means:
    """The stored means of one encoder."""
    by: dict[str, tuple[dict[str, np.ndarray], dict[str, int]]] = defaultdict(lambda: ({}, {}))
    for row in Centre.objects.filter(encoder=encoder):
        by[row.use][0][row.lang] = np.frombuffer(bytes(row.values), "<f4").copy()
        by[row.use][1][row.lang] = row.count
    return Means(*(Centres(*by[use]) for use in ("heads", "passages", "terms")))


MEMORY = Memory()
