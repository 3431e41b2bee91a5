"""Finds the nearest of many vectors: one bit per dimension first, then exactly among the best.

Vectors must be centred: raw ones lean to one side and their signs say little.
"""

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.encoder import Vectors

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

EXACT_BELOW = 4_000  # allowed rows up to which all are compared exactly
RESCORED = 400  # rows that the one-bit codes hand on to exact comparison, at least


class Rows:
    """A growing matrix of unit vectors with their one-bit codes; row numbers never change."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.count = 0
        self._values = np.zeros((0, dimension), np.float16)
        self._codes = np.zeros((0, (dimension + 63) // 64), np.uint64)

    def append(self, vectors: Vectors) -> int:
        """Add rows at the end; gives the number of the first."""
        first, self.count = self.count, self.count + len(vectors)
        if self.count > len(self._values):
            room = max(self.count - len(self._values), len(self._values) // 2, 256)
            self._values = np.concatenate([self._values, np.zeros((room, self.dimension), np.float16)])
            self._codes = np.concatenate([self._codes, np.zeros((room, self._codes.shape[1]), np.uint64)])
        self._values[first : self.count] = vectors
        self._codes[first : self.count] = codes(vectors)
        return first

    def values(self, places: Places) -> Vectors:
        """The rows at `places` as float32."""
        return self._values[places].astype(np.float32)

    def similarities(self, query: Vectors, places: Places) -> Vectors:
        """Cosine of `query` [d] with the rows at `places`."""
        return np.asarray(self.values(places) @ query, np.float32)

    def nearest(self, query: Vectors, allowed: Mask | None, k: int) -> tuple[Places, Vectors]:
        """The `k` rows nearest to `query` [d] among those where `allowed` [count] is true, nearest first."""
        places = np.arange(self.count) if allowed is None else np.flatnonzero(allowed[: self.count])
        if len(places) > EXACT_BELOW:
            distances = self._distances(query, places, every=allowed is None)
            kept = min(max(RESCORED, 4 * k), len(places) - 1)
            places = places[np.argpartition(distances, kept)[:kept]]
        near = self.similarities(query, places)
        best = np.argsort(-near, kind="stable")[:k]
        return places[best], near[best]

    def _distances(self, query: Vectors, places: Places, *, every: bool) -> NDArray[np.uint16]:
        rows = self._codes[: self.count] if every else self._codes[places]
        differing = np.bitwise_count(rows ^ codes(query[None, :])[0])
        return np.asarray(differing.sum(axis=1, dtype=np.uint16), np.uint16)


def codes(vectors: Vectors) -> NDArray[np.uint64]:
    """The signs of [n, d] as [n, d / 64] words."""
    padding = -vectors.shape[1] % 64
    bits = np.packbits(np.pad(vectors > 0, ((0, 0), (0, padding))), axis=1)
    return np.ascontiguousarray(bits).view(np.uint64)
