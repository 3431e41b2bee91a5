"""The best partners of every record of two sides: what all pairs of all with all come to, by blocks.

Products of matrices give how near the texts of each pair are, and bounds of what else it gains
(matching.bounds). Only pairs that may then be among the best of one of their ends are weighed as any pair is
(matching.weigh). Bounds are float32, with a margin; nothing is left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from kakehashi.matching import rank
from kakehashi.matching.bounds import Matrix, halves
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.index import Exact, Mask, Places
from kakehashi.matching.told import Told
from kakehashi.matching.weigh import alike, likeness, spread_table, weigh

ROWS, CELLS = 256, 2**23  # rows of a block, and pairs in it: 32 MiB as floats
APART = 64  # columns of which only the best counts in a guess at the last of the best
MARGIN = 1e-4  # far more than float32 is off by


class Best(NamedTuple):
    """Pairs of slots that are among the best of the one, or of the other, with what they rest on."""

    ones: Places
    others: Places
    heads: Exact
    passages: Exact
    components: Exact
    totals: Exact
    of_one: Mask
    of_other: Mask


def best_pairs(corpus: Corpus, ones: Places, others: Places, *, most: int, floor: float) -> Best:
    """The `most` best partners that score at least `floor`, of each own slot and of each received one."""
    found = _Search(corpus, ones, others, most, floor).pairs() if len(ones) and len(others) else None
    one, other = found or (np.zeros(0, np.int64), np.zeros(0, np.int64))
    heads, passages = alike(corpus, one, other)
    components, totals = weigh(corpus, one, other, heads, passages)
    places = corpus.told().place
    order = np.lexsort((places[other], places[one], -totals))
    good = totals[order] >= floor
    of_one, of_other = (_first(side[order], most) & good for side in (one, other))
    stays = of_one | of_other
    kept = order[stays]
    return Best(
        *(one[kept], other[kept], heads[kept], passages[kept], components[kept], totals[kept]),
        *(of_one[stays], of_other[stays]),
    )


def _first(keys: Places, most: int) -> Mask:
    """Which of `keys` have come less than `most` times before."""
    order = np.argsort(keys, kind="stable")
    begins = np.flatnonzero(np.diff(keys[order], prepend=-1))
    before = np.arange(len(keys)) - np.repeat(begins, np.diff(begins, append=len(keys)))
    found = np.empty(len(keys), bool)
    found[order] = before < most
    return found


class _Search:
    """`limits`: what a pair must score, as far as is known yet, to be among the best of each column."""

    def __init__(self, corpus: Corpus, ones: Places, others: Places, most: int, floor: float) -> None:
        self.corpus, self.told, self.most, self.floor = corpus, corpus.told(), most, floor
        self.ones, self.others = ones, others
        self.left, self.right = halves(corpus, ones, others)
        self.heads = spread_table(corpus.basis.heads, self.told.groups)
        self.passages = spread_table(corpus.basis.passages, self.told.langs)
        self.top = np.full((len(others), most), floor, np.float32)
        self.limits = np.full(len(others), floor, np.float32)

    def pairs(self) -> tuple[Places, Places]:
        """Slots of all pairs that may be among the best of either end, and some more."""
        found = [self._block(rows) for rows in self._blocks()]
        rows, columns, scores, best = (np.concatenate(part) for part in zip(*found, strict=True))
        stays = best | (scores >= self.limits[columns] - MARGIN)
        return self.ones[rows[stays]], self.others[columns[stays]]

    def _blocks(self) -> Iterator[Places]:
        """Rows of one group of languages."""
        size = max(min(ROWS, CELLS // len(self.others)), 1)
        groups = self.told.group[self.ones]
        for group in np.unique(groups):
            rows = np.flatnonzero(groups == group)
            yield from np.split(rows, range(size, len(rows), size))

    def _block(self, rows: Places) -> tuple[Places, Places, Matrix, Mask]:
        """Rows, columns and scores of the candidates, and whether they may be among the row's best."""
        heads = self._heads(rows)
        text = _text(heads, self._passages(rows, heads))
        low = self.left.low[rows] @ self.right.low.T
        low += text
        high = self.left.high[rows] @ self.right.high.T
        high += low
        limit = self._last(low)
        at = np.nonzero((high >= limit[:, None] - MARGIN) | (high >= self.limits - MARGIN))
        scores = low[at] = text[at] + self._gained(self.ones[rows[at[0]]], self.others[at[1]])
        limit = np.maximum(limit, self._last(low))
        self._rise(low)
        best = scores >= limit[at[0]] - MARGIN
        stays = best | (scores >= self.limits[at[1]] - MARGIN)
        return rows[at[0][stays]], at[1][stays], scores[stays], best[stays]

    def _last(self, scores: Matrix) -> Matrix:
        """What the last of the best of each row scores at least."""
        step = len(self.others) // APART
        if step < self.most:
            return np.full(len(scores), self.floor, np.float32)
        best = scores[:, : step * APART].reshape(-1, APART, step).max(axis=1)
        last = np.partition(best, -self.most, axis=1)[:, -self.most]
        return np.maximum(last, np.float32(self.floor))

    def _gained(self, ones: Places, others: Places) -> Matrix:
        """What pairs gain beside their texts."""
        gained = likeness(self.corpus, ones, others).sum(axis=1)
        gained += self.told.judging.worth(self.told.stated[ones], self.told.stated[others])
        return np.asarray(gained, np.float32)

    def _rise(self, scores: Matrix) -> None:
        """Remember the best scores of each column; with a lower bound for a score nothing is lost."""
        better = np.flatnonzero(scores.max(axis=0) > self.limits)
        both = np.hstack((self.top[better], scores[:, better].T))
        self.top[better] = np.partition(both, -self.most, axis=1)[:, -self.most :]
        self.limits[better] = self.top[better].min(axis=1)

    def _heads(self, rows: Places) -> Matrix:
        """Standardised similarities of heads; all rows are of one group of languages."""
        ones, others = self.ones[rows], self.others
        found = self.told.heads.rough(ones) @ self.told.heads.rough(others).T
        means, deviations = (part[self.told.group[ones[0]], self.told.group[others]] for part in self.heads)
        found -= means.astype(np.float32)
        found *= (1 / deviations).astype(np.float32)
        return found

    def _passages(self, rows: Places, heads: Matrix) -> Matrix:
        """Standardised similarities of the best passages; where there are none, those of the heads."""
        told, ones, others = self.told, self.ones[rows], self.others
        found = np.where((told.many[ones] > 0)[:, None] & (told.many[others] > 0), -np.inf, heads)
        for theirs, those in _each(told, others):  # the first passages of all, then the second ones, …
            right = told.passages.rough(theirs).T
            for mine, these in _each(told, ones):
                near = told.passages.rough(mine) @ right
                for lang in np.unique(told.lang[mine]):
                    alike = told.lang[mine] == lang
                    means, deviations = (part[lang, told.lang[theirs]] for part in self.passages)
                    part = near if alike.all() else near[alike]
                    part -= means.astype(np.float32)
                    part *= (1 / deviations).astype(np.float32)
                    _raise_to(found, these[alike], those, part)
        return found


def _each(told: Told, slots: Places) -> Iterator[tuple[Places, Places]]:
    """The rows of the first passages, of the second …, each with the places of their slots."""
    for number in range(int(told.many[slots].max(initial=0))):
        places = np.flatnonzero(told.many[slots] > number)
        yield told.first[slots[places]] + number, places


def _raise_to(found: Matrix, rows: Places, columns: Places, values: Matrix) -> None:
    """Where `values` are higher than what is found at `rows` and `columns`."""
    if values.shape == found.shape:
        np.maximum(found, values, out=found)
    elif len(columns) == found.shape[1]:
        found[rows] = np.maximum(found[rows], values)
    else:
        at = np.ix_(rows, columns)
        found[at] = np.maximum(found[at], values)


def _text(heads: Matrix, passages: Matrix) -> Matrix:
    """What texts add (matching.rank.text_closeness), nearly."""
    found = heads * np.float32(-rank.HEAD / rank.STEEPNESS)
    found -= passages * np.float32((1 - rank.HEAD) / rank.STEEPNESS)
    found += np.float32(rank.MIDDLE / rank.STEEPNESS)
    np.exp(found, out=found)
    found += 1
    np.divide(np.float32(rank.TEXT), found, out=found)
    return found
