"""The best partners of every record of two sides: what all pairs of all with all come to, by blocks.

Nothing is left out. One product of matrices bounds what a pair gains beside its texts, another gives how
near the heads are; only where a pair may then still be among the best of one of its ends are passages
compared, and what remains is weighed as any pair is (matching.weigh). Bounds are float32, with a margin.
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
PROBE = 256  # others with which a block's first guess is made at what the best of its rows score
AHEAD = 16  # one row of so many goes first, for a guess at what the best of the others score
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
        self.farthest = max(float(((1 - m) / d).max(initial=0)) for m, d in (self.heads, self.passages))
        self.top = np.full((len(others), most), floor, np.float32)
        self.limits = np.full(len(others), floor, np.float32)

    def pairs(self) -> tuple[Places, Places]:
        """Slots of all pairs that may be among the best of either end, and some more."""
        found = [self._block(rows) for rows in self._blocks()]
        rows, columns, scores, best = (np.concatenate(part) for part in zip(*found, strict=True))
        stays = best | (scores >= self.limits[columns] - MARGIN)
        return self.ones[rows[stays]], self.others[columns[stays]]

    def _blocks(self) -> Iterator[Places]:
        """Rows of one group of languages that are likely to have their best partners in common."""
        size = max(min(ROWS, CELLS // len(self.others)), 1)
        groups = self.told.group[self.ones]
        order = np.lexsort((self.told.stated[self.ones], self.left.low.argmax(axis=1), groups))
        early = np.arange(len(order)) % AHEAD == 0
        for part in (order[early], order[~early]):
            for group in np.unique(groups[part]):
                rows = part[groups[part] == group]
                yield from np.split(rows, range(size, len(rows), size))

    def _block(self, rows: Places) -> tuple[Places, Places, Matrix, Mask]:
        """The candidates of a block: rows, columns, scores, and whether they may be among the row's best."""
        low = self.left.low[rows] @ self.right.low.T
        high = self.left.high[rows] @ self.right.high.T
        high += low
        limit = self._guess(rows, low)
        columns = self._promising(high, limit - rank.TEXT, self.limits - rank.TEXT)
        heads = self._heads(rows, columns)
        most = high[:, columns]
        most += _text(heads, self.farthest)
        near = self._promising(most, limit, self.limits[columns])
        columns, heads = columns[near], heads[:, near]
        text = _text(heads, self._passages(rows, columns, heads))
        return self._chosen(rows, columns, text, low[:, columns] + text, high[:, columns] + text, limit)

    def _guess(self, rows: Places, low: Matrix) -> Matrix:
        """What the last of the best of each row scores at least, by a look at a few others."""
        count = len(self.others)
        probe = np.argpartition(low.mean(axis=0), -min(PROBE, count))[-PROBE:]
        heads = self._heads(rows, probe)
        return self._last(low[:, probe] + _text(heads, self._passages(rows, probe, heads)))

    def _last(self, scores: Matrix) -> Matrix:
        """The `most`-th highest score of each row."""
        if scores.shape[1] < self.most:
            return np.full(len(scores), self.floor, np.float32)
        return np.maximum(np.partition(scores, -self.most, axis=1)[:, -self.most], np.float32(self.floor))

    def _promising(self, bounds: Matrix, limit: Matrix, limits: Matrix) -> Places:
        """Columns where any pair may be among the best of its row or of its column."""
        reaches = (bounds >= limit[:, None] - MARGIN).any(axis=0)
        return np.flatnonzero(reaches | (bounds.max(axis=0) >= limits - MARGIN))

    def _chosen(
        self, rows: Places, columns: Places, text: Matrix, low: Matrix, high: Matrix, limit: Matrix
    ) -> tuple[Places, Places, Matrix, Mask]:
        limit = np.maximum(limit, self._last(low))
        limits = self.limits[columns]
        at = np.nonzero((high >= limit[:, None] - MARGIN) | (high >= limits - MARGIN))
        ones, others = self.ones[rows[at[0]]], self.others[columns[at[1]]]
        gained = likeness(self.corpus, ones, others).sum(axis=1)
        gained += self.told.judging.worth(self.told.stated[ones], self.told.stated[others])
        low[at] = scores = text[at] + gained.astype(np.float32)
        limit = np.maximum(limit, self._last(low))
        self._rise(columns, low)
        best = scores >= limit[at[0]] - MARGIN
        stays = best | (scores >= self.limits[columns[at[1]]] - MARGIN)
        return rows[at[0][stays]], columns[at[1][stays]], scores[stays], best[stays]

    def _rise(self, columns: Places, scores: Matrix) -> None:
        """Remember the best scores of each column; with a lower bound for a score nothing is lost."""
        better = scores.max(axis=0) > self.limits[columns]
        columns, scores = columns[better], scores[:, better]
        both = np.hstack((self.top[columns], scores.T))
        self.top[columns] = np.partition(both, -self.most, axis=1)[:, -self.most :]
        self.limits[columns] = self.top[columns].min(axis=1)

    def _heads(self, rows: Places, columns: Places) -> Matrix:
        """Standardised similarities of heads; all rows are of one group of languages."""
        ones, others = self.ones[rows], self.others[columns]
        found = self.told.heads.rough(ones) @ self.told.heads.rough(others).T
        means, deviations = (part[self.told.group[ones[0]], self.told.group[others]] for part in self.heads)
        found -= means.astype(np.float32)
        found /= deviations.astype(np.float32)
        return found

    def _passages(self, rows: Places, columns: Places, heads: Matrix) -> Matrix:
        """Standardised similarities of the best passages; where there are none, those of the heads."""
        told, ones, others = self.told, self.ones[rows], self.others[columns]
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


def _text(heads: Matrix, passages: Matrix | float) -> Matrix:
    """What texts add (matching.rank.text_closeness), nearly."""
    found = heads * np.float32(-rank.HEAD / rank.STEEPNESS)
    found -= passages * np.float32((1 - rank.HEAD) / rank.STEEPNESS)
    found += np.float32(rank.MIDDLE / rank.STEEPNESS)
    np.exp(found, out=found)
    found += 1
    np.divide(np.float32(rank.TEXT), found, out=found)
    return found
