"""Which basis is in force, and which the present records would have."""

from collections import defaultdict
from collections.abc import Sequence
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


def entries(rows: Sequence[Indexed], encoder: str, dimension: int) -> list[Entry]:
    """Indexed rows (read with COLUMNS) with their vectors."""
    of = Vector.objects.filter(reading__in=[row.reading_id for row in rows], encoder=encoder)
    columns = ("reading_id", "part", "lang", "values")
    stored = list(of.order_by("reading", "part", "lang").values_list(*columns))
    every = vectors_of([values for *_, values in stored], dimension)
    places: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for place, (reading, part, lang, _) in enumerate(stored):
        places[reading].append((part, lang, place))
    return [_entry(row, places[row.reading_id], every) for row in rows]


def _entry(row: Indexed, places: list[tuple[int, str, int]], every: Vectors) -> Entry:
    """`places`: part, language and row in `every` of its vectors; those of the passages are the last."""
    passages = [(lang, place) for part, lang, place in places if part]
    first, end = (passages[0][1], passages[-1][1] + 1) if passages else (0, 0)
    return Entry(
        key=row.reading_id,
        place=row.place,
        own=row.reading.own,
        facts=thaw(row.facts),
        heads={lang: every[place] for part, lang, place in places if not part},
        passages=every[first:end],
        passage_langs=tuple(lang for lang, _ in passages),
        concepts=frozenset(row.concepts),
        words=frozenset(row.words),
    )


def vectors_of(stored: Sequence[bytes | memoryview], dimension: int) -> Vectors:
    """Stored vectors as the rows [n, d] of one matrix."""
    return np.frombuffer(b"".join(stored), "<f2").astype(np.float32).reshape(len(stored), dimension)


def thaw(facts: dict[str, Any]) -> Facts:
    """Facts from their stored form."""
    said: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}
    return Facts(**said)


def vector_of(values: bytes | memoryview) -> Vectors:
    """A stored vector as float32."""
    return np.frombuffer(bytes(values), "<f2").astype(np.float32)
