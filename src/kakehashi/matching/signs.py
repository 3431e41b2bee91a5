"""The signs of many vectors, one bit a dimension, and which of them differ least from a query's."""

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.products import Codes, Exact, differing

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

BLOCK = 16_384  # rows that are compared at a time: what they come to stays in the processor's cache


class Signs:
    """Rows of as many bits as the vectors have dimensions, filled up to whole bytes."""

    def __init__(self, dimension: int) -> None:
        self.codes = Column(np.uint8, (dimension + 7) // 8)

    def extend(self, vectors: NDArray[np.float32]) -> None:
        """Add the signs of rows [n, d] at the end."""
        self.codes.extend(signs(vectors))

    def least(self, query: NDArray[np.float32], kept: int, places: Places) -> Places:
        """The `kept` of `places` that differ least from `query` [d], in their order."""
        return places[_fewest(differing(signs(query[None, :])[0], self.codes.rows[places]), kept)]

    def nearest(self, query: NDArray[np.float32], kept: int, allowed: Mask, owner: Places | None) -> Places:
        """The `kept` rows that differ least from `query` [d], in their order, of all that are allowed.

        `allowed` is by row, or by `owner` of each row if that is given. A bound that only tightens leaves all
        but a few of each block behind, so that nothing large is sorted.
        """
        code, every = signs(query[None, :])[0], self.codes.rows
        found, distances = np.zeros(0, np.int64), np.zeros(0)
        bound = np.inf
        for first in range(0, len(every), BLOCK):
            apart = differing(code, every[first : first + BLOCK])
            near = np.flatnonzero(apart < bound)
            rows = near + first
            good = allowed[rows if owner is None else owner[rows]]
            found = np.concatenate((found, rows[good]))
            distances = np.concatenate((distances, apart[near[good]]))
            if len(found) > 2 * kept:
                best = _fewest(distances, kept)
                found, distances = found[best], distances[best]
                bound = distances.max()
        return found[_fewest(distances, kept)]


def signs(vectors: NDArray[np.float32]) -> Codes:
    """Of [n, d] as [n, d / 8] bytes."""
    return np.packbits(vectors > 0, axis=1)


def _fewest(apart: Exact, kept: int) -> Places:
    """The places of the `kept` smallest, in their order."""
    return np.sort(np.argpartition(apart, kept)[:kept]) if kept < len(apart) else np.arange(len(apart))
