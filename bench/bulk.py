"""Fills a node with many records fast: mixtures of real ones, whose texts and vectors follow their parts.

A made record has the title of one real record and the summary of another of its kind; its vectors are those
of the real texts, added up, with noise. Half of the records are the node's own, half received.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from bench import database

BASE = 96  # real records that are encoded
PASSAGES = 2
NOISE, SECOND = 0.45, 0.6  # lengths of the noise and of the other record's vector beside the first's
BATCH = 5_000
TEXT = 60  # tokens of the text column
OWNERS = 40


@dataclass
class Source:
    """A real record with what was made of it."""

    reading: Any
    facets: list[tuple[str, str]]
    indexed: Any
    words: tuple[str, str, str]
    head: Any
    passages: list[tuple[str, Any]]


def base(now: datetime) -> int:
    """Load the demonstration, keep BASE records of all kinds and encode them; gives the number of texts."""
    from django.db import connection

    from kakehashi.accounts.viewer import WORKER
    from kakehashi.importers import demonstration
    from kakehashi.matching import actions
    from kakehashi.matching.models import Vector
    from kakehashi.records.models import Reading

    for side in ("munich", "osaka"):
        demonstration.load(side=side, viewer=WORKER, now=now)
    kinds: dict[str, list[int]] = defaultdict(list)
    for key, kind in Reading.objects.order_by("pk").values_list("pk", "kind"):
        kinds[kind].append(key)
    each = BASE // len(kinds)
    chosen = [key for keys in kinds.values() for key in keys[:: max(len(keys) // each, 1)][:each]]
    Reading.objects.exclude(pk__in=chosen).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_words WHERE rowid NOT IN (SELECT id FROM records_reading)")
    actions.encode_due(now=now)
    return Vector.objects.count()


def sources() -> list[Source]:
    """The real records as they are in the tables."""
    from django.db import connection

    from kakehashi.matching.models import Indexed, Vector
    from kakehashi.matching.queries.basis import vector_of
    from kakehashi.records.models import Reading

    rows = Reading.objects.filter(indexed__isnull=False).order_by("pk").prefetch_related("facets")[:BASE]
    indexed = Indexed.objects.in_bulk([row.pk for row in rows])
    vectors: dict[int, list[tuple[int, str, Any]]] = defaultdict(list)
    for v in Vector.objects.filter(reading__in=indexed).order_by("part", "lang"):
        vectors[v.reading_id].append((v.part, v.lang, vector_of(v.values)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, title, text, concepts FROM matching_words")
        words = {key: rest for key, *rest in cursor.fetchall()}
    return [_source(row, indexed[row.pk], words[row.pk], vectors[row.pk]) for row in rows if vectors[row.pk]]


def _source(row: Any, indexed: Any, words: Any, vectors: list[tuple[int, str, Any]]) -> Source:
    heads = [(lang, v) for part, lang, v in vectors if not part] or [("en", vectors[0][2])]
    head = next(((lang, v) for lang, v in heads if lang == row.lang), heads[0])
    facets = [(f.facet, f.value) for f in row.facets.all()]
    title, text, concepts = words
    cut = " ".join(text.split()[:TEXT])
    passages = [(lang, v) for part, lang, v in vectors if part][:PASSAGES]
    return Source(row, facets, indexed, (title, cut, concepts), head, passages)


def grow(have: int, size: int, real: list[Source], now: datetime) -> None:
    """Made records until there are `size`; at most a few seconds for a hundred thousand."""
    from django.db import transaction

    database.fill_fast()
    noise = np.random.default_rng(size).normal(size=(4096, 512)).astype(np.float32)
    noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    for first in range(have, size, BATCH):
        numbers = range(first, min(first + BATCH, size))
        with transaction.atomic():
            _insert(_pairs(real, numbers), noise, now)
    database.count_tables()


def _pairs(real: list[Source], numbers: range) -> Iterator[tuple[int, Source, Source]]:
    kinds: dict[str, list[Source]] = defaultdict(list)
    for source in real:
        kinds[source.reading.kind].append(source)
    for number in numbers:
        chance = random.Random(number)
        one = chance.choice(real)
        yield number, one, chance.choice(kinds[one.reading.kind])


def _insert(pairs: Iterator[tuple[int, Source, Source]], noise: Any, now: datetime) -> None:
    from django.db import connection

    from kakehashi.matching.models import Indexed, Vector
    from kakehashi.records.models import Facet, Passage, Reading
    from kakehashi.work import rows

    made = list(pairs)
    keys = rows.new_keys(Reading, len(made))
    columns = rows.every_column(Reading)
    names = [UUID(bytes=hashlib.md5(f"bench {number}".encode()).digest()) for number, _, _ in made]
    each = list(zip(keys, names, made, strict=True))
    rows.insert(Reading, columns, [_reading(columns, key, name, *of) for key, name, of in each])
    facets = [(key, *facet) for key, _, (_, one, _) in each for facet in one.facets]
    rows.insert(Facet, ["reading_id", "facet", "value"], facets)
    way = ("reading_id", "channel", "agreement", "clause", "received", "index", "onward", "tlp", "crossed_at",
           "open_until", "closed_at")  # fmt: skip
    until = now + timedelta(days=900)
    ways = [(key, "c", "a", "c1", True, key, "public", "CLEAR", now, until, None)
            for key, _, (number, _, _) in each if number % 2]  # fmt: skip
    rows.insert(Passage, way, ways)
    columns = rows.every_column(Indexed)
    rows.insert(Indexed, columns, [_indexed(columns, key, name, *of) for key, name, of in each])
    rows.insert(Vector, ["reading_id", "part", "lang", "encoder", "values"], _vectors(each, noise))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, %s)",
            [
                (key, f"{a.words[0]} {number}", b.words[1], a.words[2])
                for key, _, (number, a, b) in each
            ],
        )  # fmt: skip


def _reading(columns: tuple[str, ...], key: int, name: UUID, number: int, one: Source, other: Source) -> Any:
    row, own = one.reading, number % 2 == 0
    title = {lang: f"{text} {number}" for lang, text in row.title.items()}
    body = {k: row.body[k] for k in ("kind", "lang", "topics", "names", "type") if k in row.body}
    changed = {
        "id": key, "record": name, "own": own, "side": "munich" if own else "osaka", "title": title,
        "body": {**body, "summary": other.reading.body.get("summary")}, "audience": "public" if own else "",
        "tlp": "CLEAR", "onward": "public", "state": "published", "expires_at": None, "person": None,
    }  # fmt: skip
    return [changed[c] if c in changed else getattr(row, c) for c in columns]


def _indexed(columns: tuple[str, ...], key: int, name: UUID, number: int, one: Source, other: Source) -> Any:
    from kakehashi.matching.basis import place_of

    changed = {
        "reading_id": key, "stamp": 2**40 + key, "place": place_of(one.reading.origin, str(name)),
        "basis": "", "facts": {**one.indexed.facts, "side": "munich" if number % 2 == 0 else "osaka"},
        "seen": one.reading.changed_at,
    }  # fmt: skip
    return [changed[c] if c in changed else getattr(one.indexed, c) for c in columns]


def _vectors(each: list[Any], noise: Any) -> Iterator[tuple[Any, ...]]:
    """Heads and passages: the first's, the other's added, and noise; of length 1, as float16."""
    rows = []
    for key, _, (_, one, other) in each:
        second = [other.head[1], *(v for _, v in other.passages), other.head[1], other.head[1]]
        parts = [one.head, *one.passages]
        rows += [(key, part, lang, one, v, second[part]) for part, (lang, v) in enumerate(parts)]
    chosen = np.random.default_rng(each[0][0])
    mixed = np.stack([v for *_, v, _ in rows]) + SECOND * np.stack([v for *_, v in rows])
    mixed += (
        noise[chosen.integers(len(noise), size=len(rows))]
        + noise[chosen.integers(len(noise), size=len(rows))]
    )
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    packed = mixed.astype("<f2")
    for (key, part, lang, one, _, _), values in zip(rows, packed, strict=True):
        yield key, part, lang, one.indexed.encoder, values.tobytes()
