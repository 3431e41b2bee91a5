"""The signs of many vectors, one bit a dimension, and which of them differ least from a query's.

Kept word by word within blocks, so that one instruction compares the same word of many rows, and a block of
one word stays in the processor's nearest cache.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

BLOCK = 16_384  # rows that lie together
APART = 6  # blocks from which the work is shared among threads
FARTHEST = 2**16 - 1


class Signs:
    """`words` of 64 signs a row."""

    def __init__(self, dimension: int) -> None:
        self.words = (dimension + 63) // 64
        self.count = 0
        self.blocks = Column(np.uint64, self.words, BLOCK)  # the last one is filled up by and by

    def extend(self, vectors: NDArray[np.float32]) -> None:
        """Add the signs of rows [n, d] at the end."""
        fresh = codes(vectors)
        first, self.count = self.count, self.count + len(fresh)
        more = -(-self.count // BLOCK) - self.blocks.count
        if more > 0:
            self.blocks.extend(np.zeros((more, self.words, BLOCK), np.uint64))
        while len(fresh):
            block, place = divmod(first, BLOCK)
            part, fresh = fresh[: BLOCK - place], fresh[BLOCK - place :]
            self.blocks.rows[block, :, place : place + len(part)] = part.T
            first += len(part)

    def least(self, query: NDArray[np.float32], kept: int, places: Places) -> Places:
        """The `kept` of `places` that differ least from `query` [d], in their order."""
        signs = codes(query[None, :])[0]
        apart = np.zeros(len(places), np.uint16)
        blocks, within = places // BLOCK, places % BLOCK
        for word in range(self.words):
            apart += np.bitwise_count(self.blocks.rows[blocks, word, within] ^ signs[word])
        return places if len(places) <= kept else places[_fewest(apart, kept)]

    def nearest(self, query: NDArray[np.float32], kept: int, allowed: Mask, owner: Places | None) -> Places:
        """The `kept` rows that differ least from `query` [d], in their order, of all that are allowed.

        `allowed` is by row, or by `owner` of each row if that is given.
        """
        signs = codes(query[None, :])[0]
        count = self.blocks.count
        threads = min(os.cpu_count() or 1, 8) if count >= APART else 1
        ends = [count * part // threads for part in range(threads + 1)]
        jobs = [(signs, kept, span, allowed, owner) for span in pairwise(ends)]
        found = [self._within(*jobs[0])] if threads == 1 else list(_pool().map(self._each, jobs))
        rows, apart = (np.concatenate(part) for part in zip(*found, strict=True))
        return np.asarray(rows if len(rows) <= kept else rows[_fewest(apart, kept)], np.int64)

    def _each(self, job: tuple[Any, ...]) -> tuple[Places, NDArray[np.uint16]]:
        return self._within(*job)

    def _within(
        self,
        signs: NDArray[np.uint64],
        kept: int,
        span: tuple[int, int],
        allowed: Mask,
        owner: Places | None,
    ) -> tuple[Places, NDArray[np.uint16]]:
        """Rows and how far they are apart, of a span of blocks.

        A bound that only tightens leaves all but a few of each block behind, so that nothing large is sorted.
        """
        found, distances = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
        bound, held = np.uint16(FARTHEST), 0
        room = _Room()
        for block in range(*span):
            apart = room.apart(self.blocks.rows[block], signs)[: self.count - block * BLOCK]
            rows = np.flatnonzero(apart < bound)
            far, rows = apart[rows], rows + block * BLOCK
            good = allowed[rows if owner is None else owner[rows]]
            far, rows = far[good], rows[good]
            found.append(rows)
            distances.append(far)
            held += len(rows)
            if held > 2 * kept:
                ranked, far = np.concatenate(found), np.concatenate(distances)
                order = _fewest(far, kept)
                found, distances, held = [ranked[order]], [far[order]], kept
                bound = far[order].max()
        return np.concatenate(found), np.concatenate(distances)


class _Room:
    """What one thread computes in, so that nothing is given out and taken back for each block."""

    def __init__(self) -> None:
        self._differ = np.empty(BLOCK, np.uint64)
        self._counts = np.empty(BLOCK, np.uint8)
        self._apart = np.empty(BLOCK, np.uint16)

    def apart(self, block: NDArray[np.uint64], signs: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """In how many signs each row of a block [words, rows] differs; good until the next call."""
        self._apart[:] = 0
        for word, sign in zip(block, signs, strict=True):
            np.bitwise_xor(word, sign, out=self._differ)
            np.bitwise_count(self._differ, out=self._counts)
            np.add(self._apart, self._counts, out=self._apart)
        return self._apart


def codes(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """The signs of [n, d] as [n, d / 64] words."""
    padding = -vectors.shape[1] % 64
    bits = np.packbits(np.pad(vectors > 0, ((0, 0), (0, padding))), axis=1)
    return np.ascontiguousarray(bits).view(np.uint64)


def _fewest(apart: NDArray[np.uint16], kept: int) -> Places:
    """The places of the `kept` smallest, in their order."""
    return np.sort(np.argpartition(apart, kept)[:kept]) if kept < len(apart) else np.arange(len(apart))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), "signs")
