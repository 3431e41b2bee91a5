"""Which basis is in force, and which the present records would have."""

from collections import defaultdict
from typing import Any

import numpy as np
from django.db.models import QuerySet

from kakehashi.matching import basis
from kakehashi.matching.basis import Entry
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.fields import Facts
from kakehashi.matching.models import Basis, Indexed, Vector
from kakehashi.matching.rank import RULES
from kakehashi.records.lifecycle import State

COLUMNS = ("reading_id", "place", "stamp", "digest", "facts", "concepts", "words", "reading__own")


def in_force(encoder: str) -> QuerySet[Basis]:
    """The stored basis; none before the first, or after an upgrade that scores otherwise."""
    return Basis.objects.filter(encoder=encoder, version__startswith=f"{RULES}-")


def sample(encoder: str) -> tuple[str, list[Indexed]]:
    """The records that the basis is made from, in the order of places, and the version that they give."""
    rows = list(
        Indexed.objects.filter(encoder=encoder, reading__state=State.PUBLISHED)
        .order_by("place")
        .select_related("reading")
        .only(*COLUMNS)[: basis.SAMPLE]
    )
    parts = ((r.place, r.digest, r.facts["topics"], r.concepts, r.words) for r in rows)
    return basis.version_of(parts), rows


def entries(rows: list[Indexed], encoder: str, dimension: int) -> list[Entry]:
    """Indexed rows (read with COLUMNS) with their vectors."""
    stored: dict[int, list[tuple[int, str, Vectors]]] = defaultdict(list)
    of = Vector.objects.filter(reading__in=[row.reading_id for row in rows], encoder=encoder)
    columns = ("reading_id", "part", "lang", "values")
    for reading, part, lang, values in of.order_by("reading", "part", "lang").values_list(*columns):
        stored[reading].append((part, lang, vector_of(values)))
    return [_entry(row, stored[row.reading_id], dimension) for row in rows]


def _entry(row: Indexed, stored: list[tuple[int, str, Vectors]], dimension: int) -> Entry:
    passages = [(lang, vector) for part, lang, vector in stored if part]
    return Entry(
        key=row.reading_id,
        place=row.place,
        own=row.reading.own,
        facts=thaw(row.facts),
        heads={lang: vector for part, lang, vector in stored if not part},
        passages=np.stack([v for _, v in passages]) if passages else np.zeros((0, dimension), np.float32),
        passage_langs=tuple(lang for lang, _ in passages),
        concepts=frozenset(row.concepts),
        words=frozenset(row.words),
    )


def thaw(facts: dict[str, Any]) -> Facts:
    """Facts from their stored form."""
    said: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}
    return Facts(**said)


def vector_of(values: bytes | memoryview) -> Vectors:
    """A stored vector as float32."""
    return np.frombuffer(bytes(values), "<f2").astype(np.float32)
