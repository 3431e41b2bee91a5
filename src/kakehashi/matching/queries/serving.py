"""Whose vectors answer: those of the encoder by which all was read last, until another has read all."""

from kakehashi.matching.encoder import Encoder, default, described, known
from kakehashi.matching.models import Vector
from kakehashi.matching.queries.due import encoder_id, serving_name, to_read_ahead


def serving(newest: Encoder | None = None) -> Encoder:
    """The encoder of the vectors in force; `newest` (the one of this process) where there are none."""
    newest = newest or default()
    name = serving_name()
    if name in ("", encoder_id(newest)):
        return newest
    id, _, version = name.partition("/")
    values = Vector.objects.filter(encoder=name).values_list("values", flat=True).first()
    return known(id, version, len(bytes(values)) // 2) if values else newest


def encoder_in_words(newest: Encoder | None = None) -> str:
    """For `kakehashi status`: which encoder answers, and how much another must read before it takes over."""
    newest = newest or default()
    answers = serving(newest)
    if encoder_id(answers) == encoder_id(newest):
        return described(newest)
    waiting = to_read_ahead(encoder_id(newest)).count()
    return f"{answers.id} {answers.version}, until {described(newest)} has read {waiting} more records"
