"""From a record's texts to the rows of its vectors."""

import numpy as np

from kakehashi.matching import texts
from kakehashi.matching.encoder import Encoder, Vectors
from kakehashi.matching.models import Vector
from kakehashi.matching.queries.due import encoder_id
from kakehashi.records.models import Reading


def texts_of(parts: texts.Parts) -> list[str]:
    """What is encoded of a record, in the order of its vectors."""
    return [*parts.heads.values(), *(passage.text for passage in parts.passages)]


def rows_of(reading: Reading, parts: texts.Parts, vectors: Vectors, encoder: Encoder) -> list[Vector]:
    """The rows to be stored, one a head and language, one a passage."""
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
