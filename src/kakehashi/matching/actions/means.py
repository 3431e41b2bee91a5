"""The means by which vectors are centred, computed anew when the corpus has grown by a fifth."""

from collections import Counter
from datetime import datetime

import numpy as np
from django.db import transaction

from kakehashi.matching.centre import Centres, centres
from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.encoder import Encoder, Vectors, default
from kakehashi.matching.glossary import shipped
from kakehashi.matching.models import Centre, Indexed, Vector
from kakehashi.matching.queries.due import encoder_id

GROWTH = 1.2
MOST = 20_000  # vectors of one use that a mean is made from: more changes nothing
TERMS = 430  # glossary terms per language for the mean of short terms


def renew_means(*, now: datetime, encoder: Encoder | None = None, force: bool = False) -> bool:
    """Compute the means again if the corpus has outgrown them; all matches are then due again."""
    encoder = encoder or default()
    name = encoder_id(encoder)
    _terms(encoder, now)
    had = {(row.use, row.lang): row.count for row in Centre.objects.filter(encoder=name).exclude(use="terms")}
    have = {
        (use, lang): count
        for use, chosen in (("heads", {"part": 0}), ("passages", {"part__gt": 0}))
        for lang, count in Counter(
            Vector.objects.filter(encoder=name, **chosen).order_by().values_list("lang", flat=True)
        ).items()
    }
    if not force and all(min(count, MOST) < GROWTH * had.get(key, 0) + 1 for key, count in have.items()):
        return False
    fresh = {use: _means(name, use) for use in ("heads", "passages")}
    with transaction.atomic():
        for use, by in fresh.items():
            _save(name, use, by, now)
        Indexed.objects.update(matched=False)
    return True


def _means(encoder: str, use: str) -> Centres:
    chosen = Vector.objects.filter(encoder=encoder, **({"part": 0} if use == "heads" else {"part__gt": 0}))
    rows = list(chosen.order_by("pk").values_list("lang", "values")[:MOST])
    if not rows:
        return Centres()
    matrix = np.stack([vector_of(values) for _, values in rows])
    return centres(matrix, [lang for lang, _ in rows])


def _terms(encoder: Encoder, now: datetime) -> None:
    """The means of short terms rest on the glossary alone: computed once per encoder."""
    name = encoder_id(encoder)
    if Centre.objects.filter(encoder=name, use="terms").exists():
        return
    concepts = list(shipped().concepts.values())
    chosen = concepts[:: max(len(concepts) // TERMS, 1)]
    names = [(lang, concept.names[lang]) for lang in LANGUAGES for concept in chosen]
    by = centres(encoder.encode([term for _, term in names]), [lang for lang, _ in names])
    with transaction.atomic():
        _save(name, "terms", by, now)


def _save(encoder: str, use: str, by: Centres, now: datetime) -> None:
    for lang, mean in by.means.items():
        facts = {"count": by.counts[lang], "values": mean.astype("<f4").tobytes(), "computed_at": now}
        Centre.objects.update_or_create(encoder=encoder, use=use, lang=lang, defaults=facts)


def vector_of(values: bytes | memoryview) -> Vectors:
    """A stored vector as float32."""
    return np.frombuffer(bytes(values), "<f2").astype(np.float32)
