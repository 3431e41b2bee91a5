"""Reads texts that are new or changed: vectors, concepts and facts of each reading."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction

from kakehashi.matching import texts
from kakehashi.matching.actions.ahead import read_ahead
from kakehashi.matching.actions.changes import last_number
from kakehashi.matching.actions.leave import forget_unpublished, type_changed, unsettle
from kakehashi.matching.actions.vectors import rows_of, texts_of
from kakehashi.matching.actions.words import write_concepts
from kakehashi.matching.basis import place_of
from kakehashi.matching.content import Content, content
from kakehashi.matching.encoder import Encoder, Gone, Vectors, default
from kakehashi.matching.models import Indexed, Vector
from kakehashi.matching.queries.due import encoder_id, facts_of, to_encode
from kakehashi.matching.queries.glossary import glossary, glossary_version
from kakehashi.matching.queries.serving import serving
from kakehashi.records.models import Reading

BATCH = 16
MANY = 500  # readings after which the database looks again at how its tables are filled
Progress = Callable[[int], None]


def encode_due(
    *, now: datetime, limit: int = 2_000, encoder: Encoder | None = None, progress: Progress | None = None
) -> int:
    """Encode up to `limit` readings that wait, in batches of one transaction each; gives how many.

    `progress` is called with the number done so far. Stopping at any point loses at most one batch. Where the
    vectors are another encoder's, that one goes on to answer and to read what is new, while this one reads
    all in the background (`ahead`).
    """
    encoder = encoder or default()
    present = serving(encoder)
    forget_unpublished()
    done = 0
    while done < limit and not isinstance(present, Gone):
        batch = list(to_encode(encoder_id(present))[: min(BATCH, limit - done)])
        if not batch:
            break
        _encode(batch, present)
        done += len(batch)
        if progress:
            progress(done)
    if encoder_id(present) != encoder_id(encoder):
        done += read_ahead(encoder, limit=limit - done, now=now)
    if done >= MANY:
        _count_tables()
    return done


def _count_tables() -> None:
    """Without figures SQLite fetches a page of readings by an index over kinds: ten times the work."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=400")
            cursor.execute("ANALYZE")


def _encode(batch: list[Reading], encoder: Encoder) -> None:
    """Vectors are computed outside the transaction, so that others may write meanwhile.

    A record's texts are encoded together and with no others: in another company the last bits of a vector
    are others, and with them the scores.
    """
    present = dict(Indexed.objects.filter(reading__in=batch).values_list("reading_id", "digest"))
    version, terms = glossary_version(), glossary()
    for reading in batch:
        parts = texts.parts(reading.body)
        known = present.get(reading.pk) == _digest(parts, encoder)
        said = content(reading.body, terms)
        _store(reading, parts, None if known else encoder.encode(texts_of(parts)), encoder, (said, version))


def _digest(parts: texts.Parts, encoder: Encoder) -> str:
    return f"{parts.digest[:40]}-{encoder_id(encoder)}"[:64]


@transaction.atomic
def _store(
    reading: Reading,
    parts: texts.Parts,
    vectors: Vectors | None,
    encoder: Encoder,
    read: tuple[Content, str],
) -> None:
    """`read`: what the record speaks of, and the version of the glossary that says so."""
    if not Reading.objects.filter(pk=reading.pk, changed_at=reading.changed_at).exists():
        return  # changed or gone meanwhile: it is due again, or no more
    if vectors is not None:
        Vector.objects.filter(reading=reading, encoder=encoder_id(encoder)).delete()
        Vector.objects.bulk_create(rows_of(reading, parts, vectors, encoder))
    said, version = read
    if reading.kind == "organisation":
        type_changed(reading, reading.body.get("type", ""))
    write_concepts(reading, said.concepts)
    Indexed.objects.update_or_create(
        reading=reading,
        defaults={
            "seen": reading.changed_at,
            "digest": _digest(parts, encoder),
            "encoder": encoder_id(encoder),
            "stamp": next_stamp(),
            "place": place_of(reading.origin, str(reading.record)),
            "facts": asdict(facts_of(reading)),
            "concepts": sorted(said.concepts),
            "words": sorted(said.words),
            "glossary": version,
            "basis": "",
        },
    )
    unsettle()


def next_stamp() -> int:
    """Higher than all; the step is drawn, so that a database put back to an earlier state uses none again."""
    return last_number() + 1 + secrets.randbelow(2**20)
