"""Search at 1,000 and 100,000 records after a restart, one record matched to all, texts encoded per second.

The records are mixtures of real ones (bench.bulk), since encoding 100,000 texts says nothing about search;
half of them are the node's own, half received. KAKEHASHI_BENCH_SIZES says how many (1000,100000,1000000).
`--database postgresql`, or an address, measures the same on PostgreSQL, beside the last figures of SQLite
(bench/results/search.json) and what pgvector would do (bench.pgvector); on SQLite others stand beside it
(bench.rivals).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench import bulk, database, encoding, indexing, pgvector
from bench.harness import ROOT, Figure, publish
from bench.rivals import Stock, left_out, rivals
from bench.search_restart import QUERIES

SIZES = [int(size) for size in os.environ.get("KAKEHASHI_BENCH_SIZES", "1000,100000").split(",")]
RIVALS = int(os.environ.get("KAKEHASHI_BENCH_RIVALS", "100000"))  # records at which the others are measured
NOTES = ["vectors: real texts' with noise; texts: the demonstration's, numbered"]
BESIDE = "the others check no rights and give no reasons; queries were encoded before, theirs and ours"
ON_SERVER = "processor time is this process's, the server's own comes to the time by the clock alone"


def main() -> None:
    """A node in a temporary folder, in this process."""
    options = argparse.ArgumentParser()
    options.add_argument("--database", default="", help="postgresql, or the address of an empty database")
    wanted = options.parse_known_args()[0].database  # `python -m bench` hands all the same
    with tempfile.TemporaryDirectory() as folder:
        _enter(Path(folder), database.address(wanted, Path(folder)))
        figures = list(_figures())
    if wanted:
        publish("search-postgresql", list(database.beside_sqlite(figures, "search")), [*NOTES, ON_SERVER])
    else:
        publish("search", figures, [*NOTES, BESIDE, *left_out()])


def _enter(folder: Path, where: str) -> None:
    os.environ["KAKEHASHI_HOME"] = str(folder)
    from kakehashi import node as nodes
    from kakehashi.bridge.demonstration import create

    node = replace(create(folder)[0], database=where)
    nodes.save(node)
    os.environ |= {"KAKEHASHI_NODE": str(node.folder), "DJANGO_SETTINGS_MODULE": "kakehashi.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _figures() -> Iterator[Figure]:
    from kakehashi import clock
    from kakehashi.records.models import Reading

    now = clock.now()
    began, before = time.perf_counter(), time.process_time()
    count = bulk.base(now)
    yield Figure("texts encoded", count / (time.perf_counter() - began), "texts/s")
    worked = time.process_time() - before
    yield Figure("texts encoded a second of processor time", count / worked, "texts/s")
    memory, product = _limits()
    yield from (memory, product)
    yield from encoding.figures()
    real, have = bulk.sources(), Reading.objects.count()
    for size in SIZES:
        say(f"{size:,} records")
        began, before = time.perf_counter(), time.process_time()
        bulk.grow(have, size, real, now)
        made, have = size - have, size
        yield Figure(f"records written, {size:,}", made / (time.perf_counter() - began), "records/s")
        worked = time.process_time() - before
        yield Figure(f"records written a second of processor time, {size:,}", made / worked, "records/s")
        yield from _keep(size, now)
        yield from indexing.figures(size)
        found = _restarted()
        yield from _search(size, found, memory.value)
        yield from pgvector.figures(size)
        if size == RIVALS:
            say("the others")
            yield from _rivals(found["again"]["p95"])


def _limits() -> tuple[Figure, Figure]:
    """What this machine could do at best: reading memory, and a product of matrices."""
    many = np.ones(2**25, np.uint64)
    seconds = min(_seconds(many.sum) for _ in range(3))
    memory = Figure("limit: memory read", many.nbytes / seconds / 1e9, "GB/s")
    return memory, Figure("limit: matrix product", encoding.products() / 1e9, "GFLOP/s")


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def say(text: str) -> None:
    """Progress, beside the table."""
    print(text, "…", file=sys.stderr, flush=True)


def _keep(size: int, now: datetime) -> Iterator[Figure]:
    """The worker reads the tables once and keeps the snapshot."""
    from kakehashi.matching import actions
    from kakehashi.matching.actions.keep import keep_snapshot
    from kakehashi.matching.models import Change
    from kakehashi.matching.queries.kept import NOBODY
    from kakehashi.matching.queries.memory import MEMORY
    from kakehashi.matching.queries.shelf import SHELVES

    actions.settle(now=now)
    Change.objects.filter(reading=NOBODY).delete()  # the snapshot of fewer: made records note no change
    for memory in (MEMORY, SHELVES):
        memory.forget()
    began, before = time.perf_counter(), time.process_time()
    with SHELVES.shelf(), MEMORY.corpus():
        taken, worked = time.perf_counter() - began, time.process_time() - before
    yield Figure(f"tables read into memory, {size:,}", size / taken, "records/s")
    yield Figure(f"tables read a second of processor time, {size:,}", size / worked, "records/s")
    began = time.perf_counter()
    if keep_snapshot(now=now):
        yield Figure(f"snapshot written, {size:,}", time.perf_counter() - began, "s")


def _restarted() -> dict[str, Any]:
    """What a fresh process on this node measures."""
    child = [sys.executable, "-m", "bench.search_restart", os.environ["KAKEHASHI_NODE"]]
    done = subprocess.run(child, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _search(size: int, found: dict[str, Any], memory: float) -> Iterator[Figure]:
    yield Figure(f"ready after restart, {size:,}", found["ready"], "s", "3 at 1,000,000")
    yield Figure(f"ready after restart, {size:,}, processor time", found["ready worked"], "s")
    least, scan = found["signs"] / memory / 1e6, found["scan"]
    yield Figure(f"signs of all rows, {size:,}", scan, "ms", "", least / scan, f"memory read: {least:.2f} ms")
    later, first = found["later"], found["first"]
    yield Figure(f"search p50, {size:,}", later["p50"], "ms", "", least / later["p50"], "the same")
    yield Figure(f"search p95, {size:,}", later["p95"], "ms", "12 at 100,000, 40 at 1,000,000")
    yield Figure(f"search p50, {size:,}, processor time", later["p50 worked"], "ms")
    yield Figure(f"search p95, {size:,}, processor time", later["p95 worked"], "ms")
    yield Figure(f"first 54 searches after a start: p50, {size:,}", first["p50"], "ms")
    yield Figure(f"first 54 searches after a start: p95, {size:,}", first["p95"], "ms")
    yield Figure(f"recall@10 of the nearest rows, {size:,}", found["recall"], "", "0.99")
    yield Figure(f"memory of a process that searches, {size:,}", found["memory"], "MiB", "2,500 at 1,000,000")


def _rivals(ours: float) -> Iterator[Figure]:
    """`ours`: p95 with the same filter and queries, encoded before, theirs and ours."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return  # there it is pgvector with which ours is compared
    stock = _stock()
    yield Figure(f"ours with the same filter: search p95, {len(stock.kinds):,}", ours, "ms", "12 at 100,000")
    yield from rivals(stock, ours, indexing.REACHED.get(len(stock.kinds), 0.0))


def _stock() -> Stock:
    """What the node holds, as plain lists."""
    from django.db import connection

    from kakehashi.matching.encoder import default
    from kakehashi.matching.queries.glossary import glossary
    from kakehashi.matching.queries.memory import MEMORY
    from kakehashi.matching.queries.search import query_vector
    from kakehashi.matching.query import read
    from kakehashi.records.models import Reading
    from kakehashi.text.tokens import indexed

    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, title || ' ' || text FROM matching_words")
        words = dict(cursor.fetchall())
    kinds = dict(Reading.objects.values_list("pk", "kind"))
    known = glossary()
    with MEMORY.corpus() as corpus:
        keys = [key for key in corpus.keys.tolist() if key in corpus.slots and key in words]
        slots = np.array([corpus.slots[key] for key in keys])
        return Stock(
            [kinds[key] for key in keys],
            [words[key] for key in keys],
            corpus._heads.values(slots),
            [indexed(text, known.compounds) for text in QUERIES],
            [query_vector(read(text, "en", known), corpus, default()) for text in QUERIES],
        )


if __name__ == "__main__":
    main()
