"""The best partners of every record of two sides: what all pairs of all with all come to, by blocks.

A product of matrices says what each pair can gain at most beside its texts (matching.bounds). Few can then
still be among the best of one of their ends, however near their texts; only these are weighed as any pair is
(matching.weigh). Where shared items tell too little, a product of the heads says more. Nothing is left out:
what the last of the best scores is known from below by pairs that were weighed, all else from above.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from kakehashi.matching import rank
from kakehashi.matching.basis import Spreads
from kakehashi.matching.bounds import Matrix, beside_texts
from kakehashi.matching.centre import Spread
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.index import Exact, Mask, Places
from kakehashi.matching.judging import BARRED
from kakehashi.matching.weigh import alike, spread_table, weigh

ROWS, CELLS = 256, 2**23  # rows of a block, and pairs in it: 32 MiB as floats
SEEDS = 2  # times as many partners as are wanted, of whom the last of the best is guessed
ONE_OF = 8  # rows of which one is looked at first, for a guess at the last of the best of each column
MANY = 0.04  # share of pairs from which a product of the heads takes less time than to look at each
PART = 2**16  # pairs that are looked at together
MARGIN = 1e-4  # far more than float32 is off by
THREADS = min(os.cpu_count() or 1, 4)  # each with a block, so with all that it takes; products have one


class Pairs(NamedTuple):
    """Pairs of slots, and what they rest on."""

    ones: Places
    others: Places
    heads: Exact
    passages: Exact
    components: Exact
    totals: Exact


class Best(NamedTuple):
    """Pairs that are among the best of the one, or of the other, each with at least one of these."""

    pairs: Pairs
    of_one: Mask
    of_other: Mask


def best_pairs(corpus: Corpus, ones: Places, others: Places, *, most: int, floor: float) -> Best:
    """The `most` best partners that score at least `floor`, of each own slot and of each received one."""
    found = _Search(corpus, ones, others, most, floor).pairs()
    pairs = found._replace(ones=ones[found.ones], others=others[found.others])
    places = corpus.told().place
    order = np.lexsort((places[pairs.others], places[pairs.ones], -pairs.totals))
    of_one, of_other = (_first(side[order], most) for side in (pairs.ones, pairs.others))
    stays = of_one | of_other
    kept = order[stays]
    return Best(_at(pairs, kept), of_one[stays], of_other[stays])


def _first(keys: Places, most: int) -> Mask:
    """Which of `keys` have come less than `most` times before."""
    found = np.empty(len(keys), bool)
    order = np.argsort(keys, kind="stable")
    found[order] = _before(keys[order]) < most
    return found


def _before(keys: Places) -> Places:
    """How often each of the sorted `keys` has come before."""
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    return np.asarray(np.arange(len(keys)) - np.repeat(begins, np.diff(begins, append=len(keys))))


class _Lasts:
    """What the last of the best of each place scores at least, by what is known of its pairs."""

    def __init__(self, count: int, most: int, floor: float) -> None:
        self.least = np.full(count, floor)
        self._most, self._floor = most, floor
        self.forget()

    def forget(self) -> None:
        """The same pairs come again; `least` stays true."""
        self._top = np.full((len(self.least), self._most), self._floor)

    def learn(self, places: Places, totals: Exact) -> None:
        """Scores of pairs; each pair only once."""
        order = np.lexsort((-totals, places))
        order = order[totals[order] > self.least[places[order]]]
        number = _before(places[order])
        order, number = order[number < self._most], number[number < self._most]
        known, row = np.unique(places[order], return_inverse=True)
        fresh = np.full((len(known), self._most), -np.inf)
        fresh[row, number] = totals[order]
        both = np.hstack((self._top[known], fresh))
        self._top[known] = np.partition(both, -self._most, axis=1)[:, -self._most :]
        self.least[known] = np.maximum(self.least[known], self._top[known].min(axis=1))


class _Search:
    """Rows are own slots, columns received ones, by their numbers in `ones` and `others`."""

    def __init__(self, corpus: Corpus, ones: Places, others: Places, most: int, floor: float) -> None:
        self.corpus, self.told, self.most = corpus, corpus.told(), most
        self.ones, self.others = ones, others
        self.left, self.right = beside_texts(corpus, ones, others)
        self.rows, self.columns = (_Lasts(len(side), most, floor) for side in (ones, others))
        self.spreads = spread_table(corpus.basis.heads, self.told.groups)
        self.highest = max(_highest(corpus.basis.heads), _highest(corpus.basis.passages))
        self.floor, self.lock = floor, Lock()

    def pairs(self) -> Pairs:
        """All pairs that may be among the best of either end, and some more; rows and columns for slots."""
        sample = np.arange(0, len(self.ones), ONE_OF)
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda part: self._guess(part, sample), self._blocks(self.others, len(sample))))
            self.columns.forget()
            found = [*pool.map(self._block, self._blocks(self.ones, len(self.others)))]
        return self._wanted(_joined(found))

    def _blocks(self, slots: Places, width: int) -> Iterator[Places]:
        """Rows (or columns) of one group of languages."""
        size = max(min(ROWS, CELLS // width), 1)
        groups = self.told.group[slots]
        for group in np.unique(groups):
            rows = np.flatnonzero(groups == group)
            yield from np.split(rows, range(size, len(rows), size))

    def _guess(self, columns: Places, sample: Places) -> None:
        """What the last of the best of each column scores at least, by a sample of the rows."""
        column, row = self._highest_of(self.right[columns] @ self.left[sample].T)
        columns, rows = columns[column], sample[row]
        ones, others = self.ones[rows], self.others[columns]
        totals = weigh(self.corpus, ones, others, *alike(self.corpus, others, ones)).totals
        with self.lock:
            self.columns.learn(columns, totals)

    def _block(self, rows: Places) -> Pairs:
        near = self.left[rows] @ self.right.T
        found = [self._first_of(rows, near, near)]
        maybe = self._reaches(rows, near, rank.TEXT)
        if np.count_nonzero(maybe) > MANY * maybe.size:
            higher = near + self._text(rows)
            found.append(self._first_of(rows, near, higher))
            maybe = self._reaches(rows, higher, 0.0)
        cells = np.flatnonzero(maybe)
        for part in np.split(cells, range(PART, len(cells), PART)):
            found.append(self._look(rows, near, *np.divmod(part, len(self.others))))
        return self._wanted(_joined(found))

    def _reaches(self, rows: Places, near: Matrix, text: float) -> Mask:
        """Which pairs may be among the best of their row or column if texts add so much."""
        spare = text + MARGIN
        maybe = near >= (self.rows.least[rows] - spare).astype(np.float32)[:, None]
        maybe |= near >= (self.columns.least - spare).astype(np.float32)
        return maybe

    def _first_of(self, rows: Places, near: Matrix, by: Matrix) -> Pairs:
        """Look at those that promise most, which gives the limits for all others; never at these again."""
        row, column = self._highest_of(by)
        found = self._look(rows, near, row, column)
        near[row, column] = by[row, column] = BARRED
        return found

    def _highest_of(self, near: Matrix) -> tuple[Places, Places]:
        """Rows and columns of some of the highest of each row."""
        count = SEEDS * self.most
        step = near.shape[1] // count
        if not step:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        found = near[:, : step * count].reshape(-1, count, step).argmax(axis=2) + np.arange(count) * step
        row = np.repeat(np.arange(len(near)), count)
        column = found.ravel()
        good = near[row, column] >= self.floor - rank.TEXT - MARGIN
        return row[good], column[good]

    def _look(self, rows: Places, near: Matrix, row: Places, column: Places) -> Pairs:
        """Weigh pairs as soon as they reach the limits with what their texts really add."""
        rows = rows[row]
        ones, others = self.ones[rows], self.others[column]
        heads, passages = alike(self.corpus, ones, others)
        limits = np.minimum(self.rows.least[rows], self.columns.least[column])
        stays = near[row, column] + _text(heads, passages) >= limits - MARGIN
        rows, column, heads, passages = (side[stays] for side in (rows, column, heads, passages))
        weighed = weigh(self.corpus, ones[stays], others[stays], heads, passages)
        with self.lock:
            self.rows.learn(rows, weighed.totals)
            self.columns.learn(column, weighed.totals)
        return self._wanted(Pairs(rows, column, heads, passages, *weighed))

    def _wanted(self, pairs: Pairs) -> Pairs:
        stays = pairs.totals >= np.minimum(self.rows.least[pairs.ones], self.columns.least[pairs.others])
        return _at(pairs, stays)

    def _text(self, rows: Places) -> Matrix:
        """What texts add at most, by the heads; all rows are of one group of languages."""
        ones, others = self.ones[rows], self.others
        found = self.told.heads.rough(ones) @ self.told.heads.rough(others).T
        means, deviations = (part[self.told.group[ones[0]], self.told.group[others]] for part in self.spreads)
        found -= means.astype(np.float32)
        found *= (1 / deviations).astype(np.float32)
        return np.asarray(_text(found, np.float32(self.highest)), np.float32)


def _at(pairs: Pairs, places: Any) -> Pairs:
    return Pairs(*(column[places] for column in pairs))


def _joined(found: list[Pairs]) -> Pairs:
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _highest(spreads: Spreads) -> float:
    """The most standard deviations that a cosine can be above its mean."""
    return max((1 - each.mean) / each.deviation for each in [*spreads.values(), Spread()])


def _text(heads: Any, passages: Any) -> Any:
    """What texts add (matching.rank.text_closeness), nearly."""
    found = heads * (-rank.HEAD / rank.STEEPNESS)
    found -= passages * ((1 - rank.HEAD) / rank.STEEPNESS)
    found += rank.MIDDLE / rank.STEEPNESS
    np.exp(found, out=found)
    found += 1
    return np.divide(rank.TEXT, found, out=found)
