"""Search at 1,000 and 100,000 records, one new record matched to all, and texts encoded per second.

The records are mixtures of real ones (bench.bulk), since encoding 100,000 texts says nothing about search;
half of them are the node's own, half received. KAKEHASHI_BENCH_SIZES says how many.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench import bulk
from bench.harness import Figure, publish, quantile

SIZES = [int(size) for size in os.environ.get("KAKEHASHI_BENCH_SIZES", "1000,100000").split(",")]
QUERIES = (
    "Antikörper-Wirkstoff-Konjugate",
    "固形がんに対する抗体",
    "AI drug discovery",
    "KI",
    "核酸",
    "癌",
    "Zelltherapie",
    "Wer sucht Partner für die Auftragsherstellung?",
    "再生医療の製造受託",
    "investors for start-ups",
    "Tubulis",
    "Förderung vor der Gründung",
    "blood-brain barrier",
    "血液脳関門",
    "Bioreaktor",
    "Osaka",
    "iPS",
    "radiopharmaceuticals",
)
FILTERS: tuple[dict[str, str], ...] = ({}, {"kind": "offer"}, {"side": "osaka", "topic": "oncology"})
NEW = 12  # records matched anew, one after the other


def main() -> None:
    """A node in a temporary folder, on SQLite, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        _enter(Path(folder))
        figures = list(_figures())
    publish("search", figures, ["vectors: real texts' with noise; texts: the demonstration's, numbered"])


def _enter(folder: Path) -> None:
    os.environ["KAKEHASHI_HOME"] = str(folder)
    from kakehashi.bridge.demonstration import create

    node = create(folder)[0]
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
    yield from _limits()
    real, have = bulk.sources(), Reading.objects.count()
    for size in SIZES:
        say(f"{size:,} records")
        bulk.grow(have, size, real, now)
        have = size
        yield from _search(size, now)
        say("one record matched to all")
        yield from _match(size, now)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure(f"memory of the process, {size:,}, peak", peak, "MiB")


def _limits() -> Iterator[Figure]:
    """What this machine could do at best: reading memory, and a product of matrices."""
    many = np.ones(2**25, np.uint64)
    seconds = min(_seconds(many.sum) for _ in range(3))
    yield Figure("limit: memory read", many.nbytes / seconds / 1e9, "GB/s")
    square = np.ones((2048, 2048), np.float32)
    seconds = min(_seconds(lambda: square @ square) for _ in range(3))
    yield Figure("limit: matrix product", 2 * 2048**3 / seconds / 1e9, "GFLOP/s")


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def say(text: str) -> None:
    """Progress, beside the table."""
    print(text, "…", file=sys.stderr, flush=True)


def _search(size: int, now: datetime) -> Iterator[Figure]:
    from kakehashi.accounts.viewer import PUBLIC
    from kakehashi.matching import actions, queries

    actions.settle(now=now)
    began = time.perf_counter()
    queries.search(PUBLIC, "warm", queries.Filters(), now)
    yield Figure(f"ready after start, {size:,}", time.perf_counter() - began, "s")
    taken, worked = [], []
    for filters in FILTERS:
        for text in QUERIES:
            began, before = time.perf_counter(), time.process_time()
            queries.search(PUBLIC, text, queries.Filters(**filters), now)
            taken.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - before) * 1000)
    yield Figure(f"search p50, {size:,}", quantile(taken, 0.5), "ms")
    yield Figure(f"search p95, {size:,}", quantile(taken, 0.95), "ms", "12 at 100,000")
    yield Figure(f"search p50, {size:,}, processor time", quantile(worked, 0.5), "ms")
    yield Figure(f"search p95, {size:,}, processor time", quantile(worked, 0.95), "ms")


def _match(size: int, now: datetime) -> Iterator[Figure]:
    from kakehashi.matching import actions
    from kakehashi.matching.models import Indexed

    taken, worked = [], []
    Indexed.objects.update(basis=actions.settle(now=now))
    for row in Indexed.objects.filter(facts__kind="offer").order_by("-pk")[:NEW]:
        Indexed.objects.filter(pk=row.pk).update(basis="")
        began, before = time.perf_counter(), time.process_time()
        actions.match_due(now=now, limit=1)
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - before) * 1000)
    yield Figure(f"one record matched to all, {size:,}", quantile(taken, 0.5), "ms")
    yield Figure(f"one record matched to all, {size:,}, processor time", quantile(worked, 0.5), "ms")


if __name__ == "__main__":
    main()
