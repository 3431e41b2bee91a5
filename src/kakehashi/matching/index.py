"""Holds many vectors in few bytes and finds the nearest: one bit per dimension first, then the best closely.

A row is kept as 8-bit whole numbers, whose products add up to whole numbers below 2**24: a similarity is the
same to the last bit in whatever order and company it is computed, and by whatever kind of processor.
Vectors must be centred: raw ones lean to one side and their signs say little.
"""

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.products import Exact, Whole, inner, paired
from kakehashi.matching.signs import Mask, Places, Signs

__all__ = ["Exact", "Mask", "Places", "Rows"]

EXACT_BELOW = 4_000  # allowed rows up to which all are compared closely
RESCORED = 400  # rows that the one-bit codes hand on to close comparison, at least
ONE_OF = 500  # … and one of so many: the more rows, the more of them differ in as few signs as the nearest
CHUNK = 2_048  # rows that are gathered at a time: a megabyte, which stays in the processor's cache
MANY_OF = 0.2  # share of the rows from which to compare all takes less time than to gather these
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

    def wipe(self, places: Places) -> None:
        """Leave nothing of the rows at `places` but their numbers."""
        for column in self.columns().values():
            column.rows[places] = 0

    def columns(self) -> dict[str, Column]:
        """What they are kept in."""
        return {"values": self._values, "scales": self._scales, "signs": self._signs.codes}

    def values(self, places: Places) -> Vectors:
        """The rows at `places` as float32."""
        return np.asarray(self._values.rows[places] * self._scales.rows[places, None], np.float32)

    def rough(self, places: Places) -> Vectors:
        """The same in less time, and with another rounding."""
        found = np.asarray(self._values.rows[places], np.float32)
        found *= self.scales(places).astype(np.float32)[:, None]
        return found

    def scales(self, places: Places) -> Exact:
        """What the products of two whole rows are multiplied by, by both, to be cosines."""
        return np.asarray(self._scales.rows[places], np.float64)

    def between(self, places: Places, others: Places) -> Exact:
        """Cosines [n, m] of the rows at `places` with those at `others`."""
        return self._cosines(self._values.rows[places], self._scales.rows[places], others)

    def paired(self, places: Places, others: Places) -> Exact:
        """Cosines [n] of each row at `places` with the row at the same place of `others`."""
        found = np.empty(len(places))
        for first in range(0, len(places), CHUNK):
            part = slice(first, first + CHUNK)
            found[part] = paired(self._values.rows[places[part]], self._values.rows[others[part]])
        found *= self.scales(places) * self.scales(others)  # as in `_cosines`
        return found

    def similarities(self, query: Vectors, places: Places) -> Exact:
        """Cosines [n] of `query` [d] with the rows at `places`."""
        values, scales = packed(query[None, :])
        found: Exact = self._cosines(values, scales, places)[0]
        return found

    def sample(self, places: Places) -> "Rows":
        """The rows at `places` by themselves."""
        found = Rows(self.dimension)
        found._values.extend(self._values.rows[places])
        found._scales.extend(self._scales.rows[places])
        return found

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

    def _cosines(self, values: Whole, scales: Exact, others: Places) -> Exact:
        found = np.empty((len(values), len(others)))
        if len(others) > MANY_OF * self.count:
            for number, row in enumerate(values):
                found[number] = inner(row[None, :], self._values.rows)[0, others]
        else:
            for first in range(0, len(others), CHUNK):
                part = self._values.rows[others[first : first + CHUNK]]
                found[:, first : first + CHUNK] = inner(values, part)
        found *= scales[:, None] * self._scales.rows[others]  # one product: the same from both ends
        return found


def packed(vectors: Vectors) -> tuple[NDArray[np.int8], Exact]:
    """Rows [n, d] as whole numbers from -127 to 127, and what each row is multiplied by to have length 1."""
    largest = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    whole = np.rint(vectors * (127.0 / np.maximum(largest, 1e-12)))
    squares = np.einsum("ij,ij->i", whole, whole).astype(np.float64)  # of whole numbers: without rounding
    return whole.astype(np.int8), np.where(squares > 0, 1.0 / np.sqrt(np.maximum(squares, 1)), 0.0)
