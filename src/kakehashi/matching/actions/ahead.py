"""Another encoder reads all texts while the vectors of the one before answer; then they change places."""

from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from kakehashi.matching import texts
from kakehashi.matching.actions.settle import settle
from kakehashi.matching.actions.vectors import rows_of, texts_of
from kakehashi.matching.encoder import Encoder, Vectors
from kakehashi.matching.models import Ahead, Basis, Indexed, Vector
from kakehashi.matching.queries.due import encoder_id, to_read_ahead
from kakehashi.records.models import Reading

BATCH = 16


def read_ahead(encoder: Encoder, *, limit: int, now: datetime) -> int:
    """Read up to `limit` texts beside those in force, and change places when none waits; gives how many."""
    name, done = encoder_id(encoder), 0
    while done < limit:
        batch = list(to_read_ahead(name)[: min(BATCH, limit - done)])
        if not batch:
            _change_places(encoder, now)
            break
        for reading in batch:
            parts = texts.parts(reading.body)
            _keep(reading, parts, encoder.encode(texts_of(parts)), encoder)
        done += len(batch)
    return done


@transaction.atomic
def _keep(reading: Reading, parts: texts.Parts, vectors: Vectors, encoder: Encoder) -> None:
    name = encoder_id(encoder)
    if not to_read_ahead(name).filter(pk=reading.pk, changed_at=reading.changed_at).exists():
        return  # changed or gone meanwhile
    Vector.objects.filter(reading=reading, encoder=name).delete()
    Vector.objects.bulk_create(rows_of(reading, parts, vectors, encoder))
    said = {"encoder": name, "seen": reading.changed_at}
    Ahead.objects.update_or_create(reading=reading, defaults=said)


@transaction.atomic
def _change_places(encoder: Encoder, now: datetime) -> None:
    """All at once, the basis with it; matches are found anew after that and stand as they are until then."""
    name = encoder_id(encoder)
    if to_read_ahead(name).exists():
        return
    digest = Substr(Concat(Substr("digest", 1, 40), Value(f"-{name}")), 1, 64)
    Indexed.objects.update(encoder=name, digest=digest, basis="")
    Vector.objects.exclude(encoder=name).delete()
    Basis.objects.exclude(encoder=name).delete()
    Ahead.objects.all().delete()
    settle(now=now, encoder=encoder)
