"""Whose vectors answer: those of the encoder by which all was read last, until another has read all."""

from kakehashi.matching.encoder import Encoder, default, known
from kakehashi.matching.models import Vector
from kakehashi.matching.queries.due import encoder_id, serving_name


def serving(newest: Encoder | None = None) -> Encoder:
    """The encoder of the vectors in force; `newest` (the one of this process) where there are none."""
    newest = newest or default()
    name = serving_name()
    if name in ("", encoder_id(newest)):
        return newest
    id, _, version = name.partition("/")
    values = Vector.objects.filter(encoder=name).values_list("values", flat=True).first()
    return known(id, version, len(bytes(values)) // 2) if values else newest
