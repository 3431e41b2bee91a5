"""The signs of many vectors, one bit a dimension, and which of them differ least from a query's."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.products import Codes, Exact, differing

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

BLOCK = 16_384  # rows that are compared at a time: what they come to stays in the processor's cache
APART = 500_000  # rows for which a further thread pays
MOST_THREADS = 8


class Signs:
    """Rows of as many bits as the vectors have dimensions, filled up to whole bytes."""

    def __init__(self, dimension: int) -> None:
        self.codes = Column(np.uint8, (dimension + 7) // 8)

    def extend(self, vectors: NDArray[np.float32]) -> None:
        """Add the signs of rows [n, d] at the end."""
        self.codes.extend(signs(vectors))

    def least(self, query: NDArray[np.float32], kept: int, places: Places) -> Places:
        """The `kept` of `places` that differ least from `query` [d], and all that do as little; in order."""
        return places[_fewest(differing(signs(query[None, :])[0], self.codes.rows[places]), kept)]

    def nearest(self, query: NDArray[np.float32], kept: int, allowed: Mask, owner: Places | None) -> Places:
        """The `kept` allowed rows that differ least from `query` [d], and those that do as little; in order.

        `allowed` is by row, or by `owner` of each row if that is given.
        """
        code, count = signs(query[None, :])[0], self.codes.count
        threads = min(os.cpu_count() or 1, MOST_THREADS, max(count // APART, 1))
        ends = [count * part // threads for part in range(threads + 1)]

        def of_part(first: int, last: int) -> tuple[Places, Exact]:
            return self._nearest(code, kept, range(first, last, BLOCK), allowed, owner)

        parts = [of_part(0, count)] if threads == 1 else _pool().map(of_part, ends, ends[1:])
        rows, apart = (np.concatenate(part) for part in zip(*parts, strict=True))
        return np.asarray(rows[_fewest(apart, kept)])

    def _nearest(
        self, code: Codes, kept: int, blocks: range, allowed: Mask, owner: Places | None
    ) -> tuple[Places, Exact]:
        """Rows of some blocks, and in how many signs they differ: the `kept` best, and few others.

        Differences are counted as they come, so that the bound which the `kept` best keep is always known.
        """
        found, distances = [np.zeros(0, np.int64)], [np.zeros(0)]
        counts = np.zeros(8 * len(code) + 1, np.int64)
        bound: Any = len(counts)
        for first in blocks:
            apart = differing(code, self.codes.rows[first : min(first + BLOCK, blocks.stop)])
            near = np.flatnonzero(apart <= bound)
            rows = near + first
            good = allowed[rows if owner is None else owner[rows]]
            rows, apart = rows[good], apart[near[good]]
            counts += np.bincount(apart.astype(np.int64), minlength=len(counts))
            bound = np.searchsorted(np.cumsum(counts), kept)
            stays = apart <= bound
            found.append(rows[stays])
            distances.append(apart[stays])
        return np.concatenate(found), np.concatenate(distances)


def signs(vectors: NDArray[np.float32]) -> Codes:
    """Of [n, d] as [n, d / 8] bytes."""
    return np.packbits(vectors > 0, axis=1)


def _fewest(apart: Exact, kept: int) -> Places:
    """The places of the `kept` smallest and of all that are as small as the last of them, in their order."""
    if kept >= len(apart):
        return np.arange(len(apart))
    return np.flatnonzero(apart <= np.partition(apart, kept - 1)[kept - 1])


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_THREADS, "signs")
