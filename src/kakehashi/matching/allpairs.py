"""The best partners of every record of two sides: what all pairs of all with all come to, by blocks.

A product of matrices says what each pair can gain at most beside its texts (matching.bounds). Few can then
still be among the best of one of their ends, however near their texts; only these are weighed as any pair is
(matching.weigh). Where shared items tell too little, a product of the heads says more. What only the other
end may want waits, until more is known of what the others come to. Nothing is left out: what the last of the
best scores is known from below by pairs that were weighed, all else from above.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from kakehashi.matching import rank
from kakehashi.matching.basis import Spreads
from kakehashi.matching.bounds import Matrix, beside_texts
from kakehashi.matching.centre import Spread
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.index import Exact, Mask, Places
from kakehashi.matching.judging import BARRED
from kakehashi.matching.lasts import Lasts, first
from kakehashi.matching.weigh import heads_alike, passages_alike, spread_table, weigh

ROWS, CELLS = 256, 2**23  # rows of a block, and pairs in it: 32 MiB as floats
SEEDS = 2  # times as many partners as are wanted, of whom the last of the best is guessed
ONE_OF = 8  # rows of which one is looked at first, for a guess at the last of the best of each column
MANY = 0.04  # share of pairs from which a product of the heads takes less time than to look at each
PART = 2**13  # pairs that are looked at together
WAITING = 2**22  # pairs that wait at most: 64 MiB
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


class Candidates(NamedTuple):
    """Pairs not yet weighed, what they gain at most beside their texts, and what they score at most."""

    rows: Any  # 32 bits a number: they wait by the million
    columns: Any
    beside: Matrix
    most: Matrix


Columns = TypeVar("Columns", Pairs, Candidates)


def best_pairs(corpus: Corpus, ones: Places, others: Places, *, most: int, floor: float) -> Best:
    """The `most` best partners that score at least `floor`, of each own slot and of each received one."""
    found = _Search(corpus, ones, others, most, floor).pairs()
    pairs = found._replace(ones=ones[found.ones], others=others[found.others])
    places = corpus.told().place
    order = np.lexsort((places[pairs.others], places[pairs.ones], -pairs.totals))
    of_one, of_other = (first(side[order], most) for side in (pairs.ones, pairs.others))
    stays = of_one | of_other
    return Best(_at(pairs, order[stays]), of_one[stays], of_other[stays])


class _Search:
    """Rows are own slots, columns received ones, by their numbers in `ones` and `others`."""

    def __init__(self, corpus: Corpus, ones: Places, others: Places, most: int, floor: float) -> None:
        self.corpus, self.told, self.most = corpus, corpus.told(), most
        self.ones, self.others = ones, others
        self.left, self.right = beside_texts(corpus, ones, others)
        self.rows, self.columns = (Lasts(len(side), most, floor) for side in (ones, others))
        self.spreads = spread_table(corpus.basis.heads, self.told.groups)
        self.highest = max(_highest(corpus.basis.heads), _highest(corpus.basis.passages))
        self.floor, self.lock = floor, Lock()
        self.waiting: list[Candidates] = []

    def pairs(self) -> Pairs:
        """All pairs that may be among the best of either end, and some more; rows and columns for slots."""
        sample = np.arange(0, len(self.ones), ONE_OF)
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda part: self._guess(part, sample), self._blocks(self.others, len(sample))))
            self.rows.forget()
            self.columns.forget()
            found = [*pool.map(self._block, self._blocks(self.ones, len(self.others)))]
            found += pool.map(self._look, self._parts(self.waiting))
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
        near = self.right[columns] @ self.left[sample].T
        column, row = self._highest_of(near)
        self._look(_candidates(sample[row], columns[column], near[column, row]))

    def _block(self, rows: Places) -> Pairs:
        near = self.left[rows] @ self.right.T
        found = [self._first_of(rows, near, near)]
        most, text = near, rank.TEXT
        maybe = self._reaches(rows, near, text)
        if np.count_nonzero(maybe) > MANY * maybe.size:
            most, text = near + self._text(rows), 0.0
            found.append(self._first_of(rows, near, most))
            maybe = self._reaches(rows, most, text)
        row, column = np.divmod(np.flatnonzero(maybe), len(self.others))
        said = _candidates(rows[row], column, near[row, column], most[row, column] + text)
        now = said.most >= self.rows.least[said.rows] - MARGIN
        found += map(self._look, self._parts([_at(said, now)]))
        found += map(self._look, self._parts(self._too_many(_at(said, ~now))))
        return self._wanted(_joined(found))

    def _too_many(self, later: Candidates) -> list[Candidates]:
        """Keep what may wait; gives all that waits once that is too much."""
        with self.lock:
            self.waiting.append(later)
            if sum(len(part.rows) for part in self.waiting) <= WAITING:
                return []
            waiting, self.waiting = self.waiting, []
            return waiting

    def _parts(self, waiting: list[Candidates]) -> Iterator[Candidates]:
        """The best first: what they score spares many others."""
        if waiting:
            said = _joined([self._hopeful(part)[0] for part in waiting])
            order = np.argsort(-said.most)
            for part in np.split(order, range(PART, len(order), PART)):
                yield _at(said, np.sort(part))

    def _reaches(self, rows: Places, near: Matrix, text: float) -> Mask:
        """Which pairs may be among the best of their row or column if texts add so much."""
        spare = text + MARGIN
        maybe = near >= (self.rows.least[rows] - spare).astype(np.float32)[:, None]
        maybe |= near >= (self.columns.least - spare).astype(np.float32)
        return maybe

    def _first_of(self, rows: Places, near: Matrix, by: Matrix) -> Pairs:
        """Look at those that promise most, which gives the limits for all others; never at these again."""
        row, column = self._highest_of(by)
        found = self._look(_candidates(rows[row], column, near[row, column]))
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

    def _look(self, said: Candidates) -> Pairs:
        """Weigh pairs that still reach the limits with what first their heads, then their passages add."""
        (said,) = self._hopeful(said)
        heads = heads_alike(self.corpus, *self._slots(said))
        said, heads = self._hopeful(said._replace(most=said.beside + _text(heads, self.highest)), heads)
        passages = passages_alike(self.corpus, *self._slots(said), heads)
        said = said._replace(most=said.beside + _text(heads, passages))
        said, heads, passages = self._hopeful(said, heads, passages)
        weighed = weigh(self.corpus, *self._slots(said), heads, passages)
        with self.lock:
            self.rows.learn(said.rows, weighed.totals)
            self.columns.learn(said.columns, weighed.totals)
        return self._wanted(Pairs(said.rows, said.columns, heads, passages, *weighed))

    def _slots(self, said: Candidates) -> tuple[Places, Places]:
        return self.ones[said.rows], self.others[said.columns]

    def _hopeful(self, said: Candidates, *known: Exact) -> Any:
        """Those that can still be among the best of one of their ends, with what is known of them."""
        limits = np.minimum(self.rows.least[said.rows], self.columns.least[said.columns])
        stays = np.flatnonzero(said.most >= limits - MARGIN)
        return _at(said, stays), *(column[stays] for column in known)

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


def _candidates(rows: Places, columns: Places, beside: Matrix, most: Any = None) -> Candidates:
    most = beside + rank.TEXT if most is None else most
    return Candidates(rows.astype(np.int32), columns.astype(np.int32), beside, most)


def _at(pairs: Columns, places: Any) -> Columns:
    return type(pairs)(*(column[places] for column in pairs))


def _joined(found: list[Columns]) -> Columns:
    return type(found[0])(*(np.concatenate(column) for column in zip(*found, strict=True)))


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
