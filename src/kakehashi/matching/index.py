"""Holds many vectors in few bytes and finds the nearest: one bit per dimension first, then the best closely.

A row is kept as 8-bit whole numbers. Their products are whole numbers below 2**24, which float32 adds up
without rounding: a similarity is the same to the last bit in whatever order and company it is computed.
Vectors must be centred: raw ones lean to one side and their signs say little.
"""

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.signs import Mask, Places, Signs

__all__ = ["Exact", "Mask", "Places", "Rows"]

Exact = NDArray[np.float64]

EXACT_BELOW = 4_000  # allowed rows up to which all are compared closely
RESCORED = 400  # rows that the one-bit codes hand on to close comparison, at least
ONE_OF = 500  # … and one of so many: the more rows, the more of them differ in as few signs as the nearest
# Rows that are unpacked at a time: half a megabyte as floats. More, and the matrix product would be parted
# between threads, which on a busy machine wait for each other ten times as long as they work.
CHUNK = 256
MANY = 64  # rows on the left from which that pays
DENSE = 0.05  # share of allowed rows from which going through all of them beats picking them out


class Rows:
    """A growing matrix of vectors of length 1; row numbers never change."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._values = Column(np.int8, dimension)
        self._scales = Column(np.float64)
        self._signs = Signs(dimension)

    @property
    def count(self) -> int:
        return self._values.count

    def extend(self, vectors: Vectors) -> None:
        """Add rows [n, d] at the end."""
        values, scales = packed(vectors)
        self._values.extend(values)
        self._scales.extend(scales)
        self._signs.extend(vectors)

    def columns(self) -> dict[str, Column]:
        """What they are kept in."""
        return {"values": self._values, "scales": self._scales, "signs": self._signs.blocks}

    def resume(self) -> None:
        """Go on after the columns were filled from outside."""
        self._signs.count = self.count

    def values(self, places: Places) -> Vectors:
        """The rows at `places` as float32."""
        return np.asarray(self._values.rows[places] * self._scales.rows[places, None], np.float32)

    def rough(self, places: Places) -> Vectors:
        """The same in less time, and with another rounding."""
        found = self.whole(places)
        found *= self.scales(places).astype(np.float32)[:, None]
        return found

    def whole(self, places: Places | slice) -> Vectors:
        """The rows at `places` as whole numbers: products of these are exact, in whatever order."""
        return np.asarray(self._values.rows[places], np.float32)

    def scales(self, places: Places) -> Exact:
        """What the products of two whole rows are multiplied by, by both, to be cosines."""
        return np.asarray(self._scales.rows[places], np.float64)

    def between(self, places: Places, others: Places) -> Exact:
        """Cosines [n, m] of the rows at `places` with those at `others`."""
        return self._cosines(self._values.rows[places], self._scales.rows[places], others)

    def similarities(self, query: Vectors, places: Places) -> Exact:
        """Cosines [n] of `query` [d] with the rows at `places`."""
        values, scales = packed(query[None, :])
        return np.asarray(self._cosines(values, scales, places)[0], np.float64)

    def sample(self, places: Places) -> "Sample":
        """The rows at `places`, unpacked for good."""
        return Sample(self._values.rows[places].astype(np.float32), self._scales.rows[places])

    def nearest(self, query: Vectors, allowed: Mask | None, k: int, *, owner: Places | None = None) -> Places:
        """The `k` rows nearest to `query` [d] of those that are allowed, nearest first.

        `allowed` is by row [count], or by owner where `owner` [count] names that of each row.
        """
        if allowed is None:
            allowed, owner = np.ones(self.count, bool), None
        share = np.count_nonzero(allowed) / max(len(allowed), 1)
        if share * self.count <= max(EXACT_BELOW, self.count * DENSE):
            return self.nearest_of(query, np.flatnonzero(allowed if owner is None else allowed[owner]), k)
        return self._closest(query, self._signs.nearest(query, self._kept(k), allowed, owner), k)

    def nearest_of(self, query: Vectors, places: Places, k: int) -> Places:
        """The `k` rows at `places` nearest to `query` [d], nearest first."""
        if len(places) > EXACT_BELOW:
            places = self._signs.least(query, self._kept(k), places)
        return self._closest(query, places, k)

    def _kept(self, k: int) -> int:
        return max(RESCORED, 4 * k, self.count // ONE_OF)

    def _closest(self, query: Vectors, places: Places, k: int) -> Places:
        near = self.similarities(query, places)
        return places[np.argsort(-near, kind="stable")[:k]]

    def _cosines(self, values: NDArray[np.int8], scales: Exact, others: Places) -> Exact:
        left = np.ascontiguousarray(values.astype(np.float32).T)
        found = np.empty((len(others), len(values)), np.float64)
        size = CHUNK if len(values) < MANY else 8 * CHUNK
        small = np.empty((size, self.dimension), np.int8)
        right = np.empty((size, self.dimension), np.float32)
        for first in range(0, len(others), size):
            part = others[first : first + size]
            # "clip" because only then nothing is copied twice; all places are good ones
            np.take(self._values.rows, part, axis=0, out=small[: len(part)], mode="clip")
            right[: len(part)] = small[: len(part)]
            np.matmul(right[: len(part)], left, out=found[first : first + size], casting="same_kind")
        found *= self._scales.rows[others][:, None] * scales[None, :]  # one product: the same from both ends
        return found.T


class Sample:
    """A few rows with which each query is compared: unpacked once, the similarities the same."""

    def __init__(self, values: Vectors, scales: Exact) -> None:
        self._values, self._scales = values, scales

    def similarities(self, query: Vectors) -> Exact:
        """Cosines [n] of `query` [d] with all of them."""
        values, scales = packed(query[None, :])
        wanted, found = values[0].astype(np.float32), np.empty(len(self._values))
        for first in range(0, len(found), CHUNK):
            found[first : first + CHUNK] = self._values[first : first + CHUNK] @ wanted
        return np.asarray(found * (self._scales * scales[0]), np.float64)


def packed(vectors: Vectors) -> tuple[NDArray[np.int8], Exact]:
    """Rows [n, d] as whole numbers from -127 to 127, and what each row is multiplied by to have length 1."""
    largest = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    whole = np.rint(vectors * (127.0 / np.maximum(largest, 1e-12)))
    squares = np.einsum("ij,ij->i", whole, whole).astype(np.float64)  # of whole numbers: without rounding
    return whole.astype(np.int8), np.where(squares > 0, 1.0 / np.sqrt(np.maximum(squares, 1)), 0.0)
