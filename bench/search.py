"""Search at 1,000 and 100,000 records, one new record matched to all, and texts encoded per second.

The records are the demonstration's, each many times with a number in its title; their vectors are those of
the real texts with noise added, since encoding 100,000 texts says nothing about search. Half of them are
the node's own, half received.
"""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

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
NOISE = 0.35
LATER = 2**40  # above the stamps of the real records
BATCH = 1_000
WORDS = (
    "INSERT INTO matching_words (rowid, title, text, concepts)"
    " SELECT %s, title || ' ' || %s, text, concepts FROM matching_words WHERE rowid = %s"
)


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
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.importers import demonstration
    from kakehashi.matching import actions
    from kakehashi.matching.models import Vector

    now = clock.now()
    for side in ("munich", "osaka"):
        demonstration.load(side=side, viewer=WORKER, now=now)
    began, before = time.perf_counter(), time.process_time()
    actions.encode_due(now=now)
    count = Vector.objects.count()
    yield Figure("texts encoded", count / (time.perf_counter() - began), "texts/s")
    yield Figure(
        "texts encoded a second of processor time", count / (time.process_time() - before), "texts/s"
    )
    have = _base()
    for size in SIZES:
        _grow(have, size, now)
        have = size
        yield from _search(size, now)
        yield from _match(size, now)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure(f"memory of the process, {size:,}", peak, "MiB")


def _base() -> int:
    from kakehashi.records.models import Reading

    return Reading.objects.count()


def _grow(have: int, size: int, now: datetime) -> None:
    """Copies of the first readings until there are `size`."""
    from kakehashi.records.models import Reading

    originals = list(Reading.objects.order_by("pk").prefetch_related("facets")[:400])
    random = np.random.default_rng(size)
    for first in range(have, size, BATCH):
        _copy(originals, range(first, min(first + BATCH, size)), random, now)


def _copy(originals: list[Any], numbers: range, random: np.random.Generator, now: datetime) -> None:
    from django.db import connection, transaction

    from kakehashi.matching.models import Indexed, Vector
    from kakehashi.records.models import Facet, Passage, Reading

    with transaction.atomic():
        sources = [originals[number % len(originals)] for number in numbers]
        rows = Reading.objects.bulk_create(
            _reading(source, number) for source, number in zip(sources, numbers, strict=True)
        )
        Facet.objects.bulk_create(
            Facet(reading=row, facet=f.facet, value=f.value)
            for row, source in zip(rows, sources, strict=True)
            for f in source.facets.all()
        )
        Passage.objects.bulk_create(
            Passage(reading=row, channel=f"c{row.pk}", agreement="a", clause="c1", received=True,
                    index=row.pk, onward="public", tlp="CLEAR", crossed_at=now,
                    open_until=now + timedelta(days=900))
            for row in rows if not row.own
        )  # fmt: skip
        indexed = Indexed.objects.in_bulk([source.pk for source in sources])
        vectors: dict[int, list[Any]] = {}
        for vector in Vector.objects.filter(reading__in=sources):
            vectors.setdefault(vector.reading_id, []).append(vector)
        Indexed.objects.bulk_create(
            _indexed(indexed[s.pk], row) for row, s in zip(rows, sources, strict=True) if s.pk in indexed
        )
        Vector.objects.bulk_create(
            Vector(reading=row, part=v.part, lang=v.lang, encoder=v.encoder, values=_noisy(v.values, random))
            for row, s in zip(rows, sources, strict=True) for v in vectors.get(s.pk, [])[:4]
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.executemany(
                WORDS, [(row.pk, str(row.pk), s.pk) for row, s in zip(rows, sources, strict=True)]
            )


def _reading(source: Any, number: int) -> Any:
    from kakehashi.records.models import Reading

    values = {f.attname: getattr(source, f.attname) for f in Reading._meta.concrete_fields if f.name != "id"}
    own = number % 2 == 0
    changed = {"record": uuid4(), "own": own, "side": "munich" if own else "osaka"}
    changed["audience"] = "public" if own else ""
    title = {lang: f"{text} {number}" for lang, text in source.title.items()}
    return Reading(
        **{**values, **changed, "title": title, "tlp": "CLEAR", "onward": "public", "state": "published"}
    )


def _indexed(source: Any, row: Any) -> Any:
    from kakehashi.matching.basis import place_of
    from kakehashi.matching.models import Indexed

    return Indexed(
        reading=row, seen=row.changed_at, digest=source.digest, encoder=source.encoder, stamp=LATER + row.pk,
        place=place_of(row.origin, str(row.record)), basis="", concepts=source.concepts, words=source.words,
        facts={**source.facts, "side": row.side},
    )  # fmt: skip


def _noisy(values: Any, random: np.random.Generator) -> bytes:
    row = np.frombuffer(bytes(values), "<f2").astype(np.float32)
    other = random.normal(size=len(row)).astype(np.float32)
    row = row + NOISE * other / np.linalg.norm(other)
    return (row / np.linalg.norm(row)).astype("<f2").tobytes()


def _search(size: int, now: datetime) -> Iterator[Figure]:
    from kakehashi.accounts.viewer import PUBLIC
    from kakehashi.matching import queries

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
    yield Figure(f"search p95, {size:,}", quantile(taken, 0.95), "ms", "30 at 100,000 is the mark")
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
