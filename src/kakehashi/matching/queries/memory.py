"""The corpus of this process: loaded from the tables at first use, and brought up to date before each use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from kakehashi.matching import basis
from kakehashi.matching.basis import Basis
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.encoder import Encoder
from kakehashi.matching.models import Change, Indexed
from kakehashi.matching.queries import kept
from kakehashi.matching.queries.basis import COLUMNS, entries, in_force
from kakehashi.matching.queries.due import encoder_id
from kakehashi.matching.queries.serving import serving
from kakehashi.matching.rank import RULES
from kakehashi.records.lifecycle import State

CHUNK = 2_000  # records that are read at a time
PATIENT = 20_000  # records from which reading them anew takes longer than an answer may


class Memory:
    """One corpus with its lock: `stamp` is the last text that it has read, `change` the last change seen."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._corpus: Corpus | None = None
        self._encoder = ""
        self._stamp = self._change = self._kept = 0
        self._last: tuple[int, str] | None = None

    @contextmanager
    def corpus(self, encoder: Encoder | None = None, *, patient: bool = False) -> Iterator[Corpus]:
        """The corpus as of now; nobody else changes or reads it meanwhile.

        Where a new basis makes reading many records anew necessary, who is `patient` gets them measured by
        the former one until the worker's snapshot is there.
        """
        with self._lock:
            yield self._fresh(encoder or serving(), patient)

    def forget(self) -> None:
        """Load everything anew next time."""
        with self._lock:
            self._corpus, self._stamp = None, 0

    def state(self) -> dict[str, Any]:
        """What the corpus was made from, for a snapshot; asked for while it is held."""
        made = self._corpus.basis if self._corpus else Basis()
        return {
            "encoder": self._encoder,
            "stamp": self._stamp,
            "change": self._change,
            "last": self._last,
            "basis": made.version,
            "content": basis.freeze(made),
        }

    def _fresh(self, encoder: Encoder, patient: bool) -> Corpus:
        name = encoder_id(encoder)
        version, last, change, number, *seen = _standing(name, self._stamp)
        corpus = self._corpus
        if corpus is None or name != self._encoder or last < self._stamp or self._outdated(corpus, seen):
            corpus = self._begin(encoder, version, (last, change), patient)
        elif version != corpus.basis.version:
            waits = patient and len(corpus) > PATIENT
            if not waits or number != self._kept:
                self._kept = number
                corpus = self._begin(encoder, version, (last, change), patient)
        if last > self._stamp:
            self._read(corpus, encoder, last)
        if change > self._change:
            self._clear(corpus, name)
            self._change = change
        return corpus

    def _begin(self, encoder: Encoder, version: str, now: tuple[int, int], patient: bool) -> Corpus:
        """From the snapshot if there is one that fits, else an empty one into which the tables are read.

        `now`: the last text and change. A snapshot that knows a later text is of records that have gone.
        """
        last, change = now
        self._encoder = encoder_id(encoder)
        found = kept.latest()
        said = found.said["corpus"] if found else {}
        fits = bool(found) and said["encoder"] == self._encoder and said["stamp"] <= last
        if found and fits and (patient or said["basis"] == version):
            corpus = Corpus(encoder.dimension, basis.thaw(said["basis"], said["content"]))
            if kept.filled(found, corpus.columns()):
                corpus.take(found.said["names"])
                self._corpus, self._stamp, self._change = corpus, said["stamp"], said["change"]
                self._last = tuple(said["last"]) if said["last"] else None
                return corpus
        stored = in_force(self._encoder).filter(version=version).first()
        fresh = basis.thaw(stored.version, stored.content) if stored else Basis()
        self._corpus, self._stamp, self._change = Corpus(encoder.dimension, fresh), 0, change
        return self._corpus

    def _clear(self, corpus: Corpus, name: str) -> None:
        """Take out what left since: unpublished, removed, or waiting to be encoded anew."""
        changed = set(Change.objects.filter(pk__gt=self._change).values_list("reading", flat=True))
        there = Indexed.objects.filter(encoder=name, reading__state=State.PUBLISHED)
        for first in range(0, len(gone := [key for key in changed if key in corpus.slots]), CHUNK):
            part = gone[first : first + CHUNK]
            for key in set(part) - set(there.filter(pk__in=part).values_list("pk", flat=True)):
                corpus.drop(key)

    def _outdated(self, corpus: Corpus, seen: list[Any]) -> bool:
        """More dead slots than living ones, or a database put back to an earlier state."""
        if corpus.size > 2 * len(corpus) + CHUNK:
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


def _standing(encoder: str, stamp: int) -> tuple[str, int, int, int, int | None, str | None]:
    """The basis in force, the last text and change, the snapshot, and what stands at a stamp; one question.

    Asked before every answer: written out, it takes a tenth of what the ORM takes to write it each time.
    """
    statement = """
        SELECT (SELECT version FROM matching_basis WHERE encoder = %s AND version LIKE %s),
               (SELECT MAX(stamp) FROM matching_indexed), (SELECT MAX(id) FROM matching_change),
               (SELECT id FROM matching_change WHERE reading = %s),
               (SELECT reading_id FROM matching_indexed WHERE stamp = %s),
               (SELECT digest FROM matching_indexed WHERE stamp = %s)"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [encoder, f"{RULES}-%", kept.NOBODY, stamp, stamp])
        version, last, change, number, *seen = cursor.fetchone()
    return version or "", last or 0, change or 0, number or 0, *seen


MEMORY = Memory()
