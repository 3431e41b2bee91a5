"""Holds many vectors in few bytes and finds the nearest: one bit per dimension first, then the best closely.

A row is kept as 8-bit whole numbers. Their products are whole numbers below 2**24, which float32 adds up
without rounding: a similarity is the same to the last bit in whatever order and company it is computed.
Vectors must be centred: raw ones lean to one side and their signs say little.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.encoder import Vectors

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]
Exact = NDArray[np.float64]

EXACT_BELOW = 4_000  # allowed rows up to which all are compared closely
RESCORED = 400  # rows that the one-bit codes hand on to close comparison, at least
CHUNK = 8_192  # rows that are unpacked at a time


class Column:
    """An array that grows at its end; `shape` is that of one row."""

    def __init__(self, dtype: Any, *shape: int) -> None:
        self.count = 0
        self._room = np.zeros((0, *shape), dtype)

    @property
    def rows(self) -> NDArray[Any]:
        return self._room[: self.count]

    def extend(self, values: Any) -> None:
        first, self.count = self.count, self.count + len(values)
        if self.count > len(self._room):
            room = max(self.count + len(self._room) // 4, 256)
            grown = np.zeros((room, *self._room.shape[1:]), self._room.dtype)
            grown[:first] = self._room[:first]
            self._room = grown
        self._room[first : self.count] = values


class Rows:
    """A growing matrix of vectors of length 1; row numbers never change."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._values = Column(np.int8, dimension)
        self._scales = Column(np.float64)
        self._codes = Column(np.uint64, (dimension + 63) // 64)

    @property
    def count(self) -> int:
        return self._values.count

    def extend(self, vectors: Vectors) -> None:
        """Add rows [n, d] at the end."""
        values, scales = packed(vectors)
        self._values.extend(values)
        self._scales.extend(scales)
        self._codes.extend(codes(vectors))

    def values(self, places: Places) -> Vectors:
        """The rows at `places` as float32."""
        return np.asarray(self._values.rows[places] * self._scales.rows[places, None], np.float32)

    def between(self, places: Places, others: Places) -> Exact:
        """Cosines [n, m] of the rows at `places` with those at `others`."""
        return self._cosines(self._values.rows[places], self._scales.rows[places], others)

    def similarities(self, query: Vectors, places: Places) -> Exact:
        """Cosines [n] of `query` [d] with the rows at `places`."""
        values, scales = packed(query[None, :])
        return np.asarray(self._cosines(values, scales, places)[0], np.float64)

    def nearest(self, query: Vectors, allowed: Mask | None, k: int) -> Places:
        """The `k` rows nearest to `query` [d] among those where `allowed` [count] is true, nearest first."""
        places = np.arange(self.count) if allowed is None else np.flatnonzero(allowed[: self.count])
        if len(places) > EXACT_BELOW:
            distances = self._distances(query, places)
            kept = min(max(RESCORED, 4 * k), len(places) - 1)
            places = places[np.argpartition(distances, kept)[:kept]]
        near = self.similarities(query, places)
        return places[np.argsort(-near, kind="stable")[:k]]

    def _cosines(self, values: NDArray[np.int8], scales: Exact, others: Places) -> Exact:
        left = values.astype(np.float32)
        found = np.empty((len(values), len(others)), np.float64)
        for first in range(0, len(others), CHUNK):
            part = others[first : first + CHUNK]
            right = self._values.rows[part].astype(np.float32)
            found[:, first : first + CHUNK] = left @ right.T
        return np.asarray(found * (scales[:, None] * self._scales.rows[others][None, :]), np.float64)

    def _distances(self, query: Vectors, places: Places) -> NDArray[np.uint16]:
        rows = self._codes.rows if len(places) == self.count else self._codes.rows[places]
        differing = np.bitwise_count(rows ^ codes(query[None, :])[0])
        return np.asarray(differing.sum(axis=1, dtype=np.uint16), np.uint16)


def packed(vectors: Vectors) -> tuple[NDArray[np.int8], Exact]:
    """Rows [n, d] as whole numbers from -127 to 127, and what each row is multiplied by to have length 1."""
    largest = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    values = np.rint(vectors * (127.0 / np.maximum(largest, 1e-12))).astype(np.int8)
    squares = np.square(values.astype(np.int64)).sum(axis=1)
    return values, np.where(squares > 0, 1.0 / np.sqrt(np.maximum(squares, 1)), 0.0)


def codes(vectors: Vectors) -> NDArray[np.uint64]:
    """The signs of [n, d] as [n, d / 64] words."""
    padding = -vectors.shape[1] % 64
    bits = np.packbits(np.pad(vectors > 0, ((0, 0), (0, padding))), axis=1)
    return np.ascontiguousarray(bits).view(np.uint64)
