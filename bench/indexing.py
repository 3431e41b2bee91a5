"""Indexing without encoding: from texts to tokens, rows of the full-text table, and vectors in memory.

Each step by processor time, then all as in a node: one process makes tokens and writes them, another takes
the vectors into its memory meanwhile, until both are done.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from typing import Any

from bench.harness import Figure

MANY = 20_000  # the latest records, once more
ABOVE = 2**41  # keys that no record has
GOAL = "20,000"
REACHED: dict[int, float] = {}  # records a second, tokens made before: what others beside it are given, too


def figures(size: int) -> Iterator[Figure]:
    """Records a second; what is written beside what the disk could take."""
    from kakehashi.matching.queries.glossary import glossary

    if size < MANY:
        return
    texts, rows, take, known = _texts(), _rows(), _taking(), glossary()
    bytes_written = sum(len(part.encode()) for _, *parts in rows for part in parts)
    written, disk = _worked(lambda: _write(rows)), _disk(bytes_written)
    limit = f"{bytes_written / 1e6:.0f} MB written and synced"
    name = "processor time"
    yield Figure(
        f"texts cut into tokens, {size:,}, {name}",
        MANY / _worked(lambda: _tokens(texts, known.compounds)),
        "records/s",
    )
    ratio = disk / written
    yield Figure(f"tokens written, {size:,}, {name}", MANY / written, "records/s", "", ratio, limit)
    yield Figure(f"vectors taken into memory, {size:,}, {name}", MANY / _worked(take), "records/s")
    REACHED[size] = MANY / _beside(_taking(), lambda: _write(rows))
    yield Figure(f"indexed without encoding, tokens made before, {size:,}", REACHED[size], "records/s", GOAL)
    whole = MANY / _beside(_taking(), lambda: (_tokens(texts, known.compounds), _write(rows)))
    yield Figure(f"indexed without encoding, {size:,}", whole, "records/s", GOAL)


def _beside(one: Callable[[], Any], other: Callable[[], Any]) -> float:
    """Seconds until both are done, `one` in a process of its own that has all at hand already."""
    process = get_context("fork").Process(target=one)
    began = time.perf_counter()
    process.start()
    other()
    process.join()
    return time.perf_counter() - began


def _texts() -> list[tuple[str, str]]:
    from kakehashi.matching import texts
    from kakehashi.records.models import Reading

    bodies = Reading.objects.order_by("-pk").values_list("body", flat=True)[:MANY]
    return [(texts.title_words(body), texts.text_words(body)) for body in bodies]


def _tokens(texts: list[tuple[str, str]], compounds: Any) -> list[tuple[str, str]]:
    from kakehashi.text.tokens import indexed

    return [(indexed(title, compounds), indexed(text, compounds)) for title, text in texts]


def _rows() -> list[tuple[int, str, str, str]]:
    """What the full-text table holds, under other keys."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title, text, concepts FROM matching_words ORDER BY rowid DESC LIMIT {MANY}")
        return [(ABOVE + number, *row) for number, row in enumerate(cursor.fetchall())]


def _write(rows: list[tuple[int, str, str, str]]) -> None:
    """In one transaction, which is not kept."""
    from django.db import transaction

    from kakehashi.matching import fulltext

    with transaction.atomic():
        fulltext.put(rows)
        transaction.set_rollback(True)


def _taking() -> Callable[[], None]:
    from kakehashi.matching.corpus import Corpus
    from kakehashi.matching.models import Indexed
    from kakehashi.matching.queries.basis import COLUMNS, entries
    from kakehashi.matching.queries.due import encoder_id
    from kakehashi.matching.queries.memory import MEMORY
    from kakehashi.matching.queries.serving import serving

    encoder = serving()
    rows = Indexed.objects.select_related("reading").only(*COLUMNS).order_by("-stamp")[:MANY]
    made = entries(list(rows), encoder_id(encoder), encoder.dimension)
    with MEMORY.corpus() as corpus:
        fresh = Corpus(encoder.dimension, corpus.basis)
    return lambda: fresh.put(made)


def _disk(size: int) -> float:
    """Seconds until so many bytes are on the disk."""
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        file.write(b"k" * size)
        file.flush()
        os.fsync(file.fileno())
        return time.perf_counter() - began


def _worked(call: Callable[[], Any]) -> float:
    """Seconds of the processor: the same on a busy machine."""
    began = time.process_time()
    call()
    return time.process_time() - began
