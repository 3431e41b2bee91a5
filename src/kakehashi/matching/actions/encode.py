"""Reads texts that are new or changed: vectors, concepts and facts of each reading."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np
from django.db import transaction
from django.db.models import Max

from kakehashi.matching import texts
from kakehashi.matching.actions.means import renew_means
from kakehashi.matching.actions.words import write_concepts
from kakehashi.matching.content import content
from kakehashi.matching.encoder import Encoder, Vectors, default
from kakehashi.matching.glossary import shipped
from kakehashi.matching.models import Indexed, Vector
from kakehashi.matching.queries.due import encoder_id, facts_of, to_encode
from kakehashi.records.models import Reading

BATCH = 16
Progress = Callable[[int], None]


def encode_due(
    *, now: datetime, limit: int = 2_000, encoder: Encoder | None = None, progress: Progress | None = None
) -> int:
    """Encode up to `limit` readings that wait, in batches of one transaction each; gives how many.

    `progress` is called with the number done so far. Stopping at any point loses at most one batch.
    """
    encoder = encoder or default()
    done = 0
    while done < limit:
        batch = list(to_encode(encoder_id(encoder))[: min(BATCH, limit - done)])
        if not batch:
            break
        _encode(batch, encoder)
        done += len(batch)
        if progress:
            progress(done)
    if done:
        renew_means(now=now, encoder=encoder)
    return done


def _encode(batch: list[Reading], encoder: Encoder) -> None:
    """Vectors are computed outside the transaction, so that others may write meanwhile."""
    read = [texts.parts(reading.body) for reading in batch]
    present = dict(Indexed.objects.filter(reading__in=batch).values_list("reading_id", "digest"))
    todo = [
        place for place, parts in enumerate(read) if present.get(batch[place].pk) != _digest(parts, encoder)
    ]
    wanted = [text for place in todo for text in _texts(read[place])]
    vectors = encoder.encode(wanted)
    first = 0
    for place, (reading, parts) in enumerate(zip(batch, read, strict=True)):
        mine: Vectors | None = None
        if place in todo:
            count = len(_texts(parts))
            mine, first = vectors[first : first + count], first + count
        _store(reading, parts, mine, encoder)


def _texts(parts: texts.Parts) -> list[str]:
    return [*parts.heads.values(), *(passage.text for passage in parts.passages)]


def _digest(parts: texts.Parts, encoder: Encoder) -> str:
    return f"{parts.digest[:40]}-{encoder_id(encoder)}"[:64]


@transaction.atomic
def _store(reading: Reading, parts: texts.Parts, vectors: Vectors | None, encoder: Encoder) -> None:
    if not Reading.objects.filter(pk=reading.pk, changed_at=reading.changed_at).exists():
        return  # changed or gone meanwhile: it is due again, or no more
    if vectors is not None:
        Vector.objects.filter(reading=reading).delete()
        Vector.objects.bulk_create(_rows(reading, parts, vectors, encoder))
    said = content(reading.body, shipped())
    if reading.kind == "organisation":
        _facts_change(reading)
    write_concepts(reading, said.concepts)
    Indexed.objects.update_or_create(
        reading=reading,
        defaults={
            "seen": reading.changed_at,
            "digest": _digest(parts, encoder),
            "encoder": encoder_id(encoder),
            "stamp": (Indexed.objects.aggregate(last=Max("stamp"))["last"] or 0) + 1,
            "facts": asdict(facts_of(reading)),
            "concepts": sorted(said.concepts),
            "words": sorted(said.words),
            "matched": False,
        },
    )


def _facts_change(organisation: Reading) -> None:
    """What belongs to an organisation knows its type: read it again if that is another now."""
    belonging = Indexed.objects.filter(
        reading__origin=organisation.origin, reading__owner=organisation.record
    )
    stale = belonging.exclude(facts__organisation_type=organisation.body.get("type", ""))
    stale.exclude(reading=organisation).update(seen=datetime.min.replace(year=1970, tzinfo=UTC))


def _rows(reading: Reading, parts: texts.Parts, vectors: Vectors, encoder: Encoder) -> list[Vector]:
    places = [*((0, lang) for lang in parts.heads), *((n, p.lang) for n, p in enumerate(parts.passages, 1))]
    return [
        Vector(
            reading=reading,
            part=part,
            lang=lang,
            encoder=encoder_id(encoder),
            values=row.astype("<f2").tobytes(),
        )
        for (part, lang), row in zip(places, vectors, strict=True)
        if part or np.any(row)  # passages keep their numbers
    ]
