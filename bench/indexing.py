"""Indexing without encoding: records whose tokens and vectors are made are written and taken into memory."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.harness import Figure

MANY = 20_000  # the latest records, once more
ABOVE = 2**41  # keys that no record has


def figures(size: int) -> Iterator[Figure]:
    """Records a second: both parts, and both together, as one after the other."""
    from kakehashi.matching.corpus import Corpus
    from kakehashi.matching.models import Indexed
    from kakehashi.matching.queries.basis import COLUMNS, entries
    from kakehashi.matching.queries.due import encoder_id
    from kakehashi.matching.queries.memory import MEMORY
    from kakehashi.matching.queries.serving import serving

    if size < MANY:
        return
    encoder = serving()
    rows = Indexed.objects.select_related("reading").only(*COLUMNS).order_by("-stamp")[:MANY]
    made = entries(list(rows), encoder_id(encoder), encoder.dimension)
    with MEMORY.corpus() as corpus:
        fresh = Corpus(encoder.dimension, corpus.basis)
    words, taken = _words(), _seconds(lambda: fresh.put(made))
    yield Figure(f"indexed: tokens written, {size:,}", MANY / words, "records/s")
    yield Figure(f"indexed: vectors taken into memory, {size:,}", MANY / taken, "records/s")
    yield Figure(f"indexed without encoding, {size:,}", MANY / (words + taken), "records/s", "20,000")


def _words() -> float:
    """Seconds in which the full-text table takes the rows again, which then are not kept."""
    from django.db import connection, transaction

    columns = "title, text, concepts"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM matching_words ORDER BY rowid DESC LIMIT {MANY}")
        rows = [(ABOVE + number, *row) for number, row in enumerate(cursor.fetchall())]
        put = f"INSERT INTO matching_words (rowid, {columns}) VALUES (%s, %s, %s, %s)"
        seconds = _seconds(lambda: cursor.executemany(put, rows))
        transaction.set_rollback(True)
    return seconds


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
