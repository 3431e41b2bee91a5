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
# Rows that are unpacked at a time: half a megabyte as floats. More, and the matrix product would be parted
# between threads, which on a busy machine wait for each other ten times as long as they work.
CHUNK = 256
MANY = 64  # rows on the left from which that pays
BLOCK = 8_192  # rows whose signs are compared at a time: half a megabyte, so that it stays in the cache
DENSE = 0.15  # share of allowed rows from which going through all of them beats picking them out
FARTHEST = 2**16 - 1


_EVEN, _ONES = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0001000100010001)
_8, _48 = np.uint64(8), np.uint64(48)


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
        places = None if allowed is None else np.flatnonzero(allowed[: self.count])
        many = self.count if places is None else len(places)
        if many > EXACT_BELOW:
            kept = min(max(RESCORED, 4 * k), many - 1)
            dense = places is None or many > self.count * DENSE
            places = self._closest(query, kept, allowed, None if dense else places)
        elif places is None:
            places = np.arange(self.count)
        near = self.similarities(query, places)
        return places[np.argsort(-near, kind="stable")[:k]]

    def _closest(self, query: Vectors, kept: int, allowed: Mask | None, places: Places | None) -> Places:
        """The `kept` allowed rows with the fewest differing signs, in the order of rows.

        All rows are gone through where many are allowed, else `places`. A bound that only tightens leaves
        all but a few of each block behind, so that nothing large is ever sorted.
        """
        signs = codes(query[None, :])[0]
        total = self.count if places is None else len(places)
        bound = np.uint16(FARTHEST)
        found, distances = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
        held = 0
        for first in range(0, total, BLOCK):
            here = slice(first, min(first + BLOCK, total))
            apart = _apart(self._codes.rows[here if places is None else places[here]], signs)
            good = apart < bound
            if places is None and allowed is not None:
                good &= allowed[here]
            rows = np.flatnonzero(good)
            found.append(rows + first)
            distances.append(apart[rows])
            held += len(rows)
            if held > 2 * kept:
                ranked, far = np.concatenate(found), np.concatenate(distances)
                order = np.sort(np.argpartition(far, kept)[:kept])
                found, distances, held = [ranked[order]], [far[order]], kept
                bound = far[order].max()
        ranked, far = np.concatenate(found), np.concatenate(distances)
        if held > kept:
            ranked = ranked[np.sort(np.argpartition(far, kept)[:kept])]
        return ranked if places is None else places[ranked]

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


def _apart(rows: NDArray[np.uint64], signs: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """In how many signs each of `rows` [n, w] differs from `signs` [w]."""
    counts = np.bitwise_count(rows ^ signs)
    if counts.shape[1] % 8:
        return np.asarray(counts.sum(axis=1, dtype=np.uint16), np.uint16)
    # Eight counts of at most 64 lie side by side in a word: adding them there is ten times as fast as `sum`.
    words = counts.view(np.uint64)
    lanes = (words & _EVEN) + ((words >> _8) & _EVEN)
    return np.asarray(((lanes * _ONES) >> _48).sum(axis=1, dtype=np.uint16), np.uint16)
