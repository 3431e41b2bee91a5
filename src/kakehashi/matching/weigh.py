"""The scores of very many pairs at once, to the last bit as `matching.rank.score` gives them one by one.

That they can be equal is owed to what they are added up from: products of whole numbers, weights in whole
2**-20ths and conditions in whole hundredths have the same sum in whatever order.
"""

import math
from typing import NamedTuple

import numpy as np

from kakehashi.matching import rank
from kakehashi.matching.basis import Spreads
from kakehashi.matching.centre import Spread
from kakehashi.matching.corpus import CONCEPT, TOPIC, WORD, Corpus
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.index import Exact, Places, Rows
from kakehashi.matching.told import Told, ranges

SORTS = 3  # concepts, words, topics
CELLS = 2**21  # of the table by which shared items are found, 16 MiB


class Weighed(NamedTuple):
    """The components [n, 5] of each pair, in the order of matching.rank.NAMES, and their sums [n]."""

    components: Exact
    totals: Exact


def weigh(corpus: Corpus, ones: Places, others: Places, heads: Exact, passages: Exact) -> Weighed:
    """Score pairs of slots (own, received) whose standardised similarities are known."""
    told = corpus.told()
    ones, others = np.broadcast_arrays(ones, others)
    found = np.empty((len(others), len(rank.NAMES)))
    found[:, 0] = rank.TEXT * rank.text_closenesses(heads, passages)
    found[:, 1:4] = likeness(corpus, ones, others)
    found[:, 4] = told.judging.worth(told.stated[ones], told.stated[others])
    # By columns: a list for each pair would set off a collection of garbage, which takes longer than this.
    sums = map(math.fsum, zip(*found.T.tolist(), strict=True))
    return Weighed(found, np.fromiter(sums, np.float64, len(found)))


def alike(corpus: Corpus, ones: Places, others: Places) -> tuple[Exact, Exact]:
    """Standardised similarities of heads and best passages of pairs of slots, as `Corpus.near` has them.

    Pairs of the same one should follow each other: its vectors are then multiplied by all of theirs at once.
    """
    told = corpus.told()
    begins = np.flatnonzero(np.diff(ones, prepend=-1))
    found = _products(told.heads, ones[begins], np.ones(len(begins), np.int64), begins, others)[0]
    means, deviations = spread_table(corpus.basis.heads, told.groups)
    groups = told.group[ones], told.group[others]
    heads = found * (told.heads.scales(ones) * told.heads.scales(others))
    heads = (heads - means[groups]) / deviations[groups]
    passages = heads.copy()
    both = np.flatnonzero((told.many[ones] > 0) & (told.many[others] > 0))
    passages[both] = _best_passages(corpus, ones[both], others[both])
    return heads, passages


def _best_passages(corpus: Corpus, ones: Places, others: Places) -> Exact:
    """Of pairs of slots that all have passages."""
    told = corpus.told()
    counts = told.many[others].astype(np.int64)
    starts = np.cumsum(counts) - counts
    theirs = ranges(told.first[others], counts)
    begins = np.flatnonzero(np.diff(ones, prepend=-1))
    first, many = told.first[ones], told.many[ones].astype(np.int64)
    found = _products(told.passages, first[begins], many[begins], starts[begins], theirs)
    means, deviations = spread_table(corpus.basis.passages, told.langs)
    best = np.full(len(theirs), -np.inf)
    for number, line in enumerate(found):  # the first passage of each one, the second, …
        mine = np.repeat(first + np.minimum(number, many - 1), counts)
        langs = told.lang[mine], told.lang[theirs]
        near = line * (told.passages.scales(mine) * told.passages.scales(theirs))
        near = (near - means[langs]) / deviations[langs]
        np.maximum(best, near, out=best, where=np.repeat(many > number, counts))
    return np.asarray(np.maximum.reduceat(best, starts), np.float64) if len(best) else best


def _products(rows: Rows, first: Places, many: Places, begins: Places, others: Places) -> Vectors:
    """Of whole numbers: each run of rows `others` with the `many` rows from `first` on, a line each."""
    found = np.zeros((max(many.max(initial=0), 1), len(others)), np.float32)
    ends = np.append(begins, len(others))[1:]
    for start, count, begin, end in np.stack((first, many, begins, ends), axis=1).tolist():
        mine, theirs = rows.whole(slice(start, start + count)), rows.whole(others[begin:end])
        np.matmul(mine, theirs.T, out=found[:count, begin:end])
    return found


def likeness(corpus: Corpus, ones: Places, others: Places) -> Exact:
    """What shared concepts, words and topics add to each pair of slots [n, 3]."""
    alone = len(others) > 0 and bool((others == others[0]).all())
    both = _shared(corpus, others, ones) if alone else _shared(corpus, ones, others)  # the same, in less time
    lengths = corpus.lengths[ones] * corpus.lengths[others]
    alike = np.minimum(np.divide(both, lengths, out=np.zeros_like(both), where=lengths > 0), 1.0)
    words = np.minimum(rank.WORD * both[:, WORD], rank.WORDS_CAP)
    return np.column_stack((rank.CONCEPTS * alike[:, CONCEPT], words, rank.TOPICS * alike[:, TOPIC]))


def _shared(corpus: Corpus, ones: Places, others: Places) -> Exact:
    """The worth of what each pair shares [n, 3]: items of the other, looked up in a table of the one's."""
    told = corpus.told()
    width = SORTS * len(told.names)
    rows, row_of = np.unique(ones, return_inverse=True)
    order = np.argsort(row_of, kind="stable")
    found = np.zeros((len(ones), SORTS))
    step = max(CELLS // max(width, 1), 1)
    table = np.zeros((min(step, len(rows)), width))
    ends = np.searchsorted(row_of[order], np.arange(0, len(rows) + step, step))
    for first, begin, end in zip(range(0, len(rows), step), ends, ends[1:], strict=False):
        part, pairs = rows[first : first + step], order[begin:end]
        cells, counts = items_of(told, part)
        filled = np.repeat(np.arange(len(part)), counts), cells
        table[filled] = worth_of(corpus, cells)
        cells, counts = items_of(told, others[pairs])
        values = table[np.repeat(row_of[pairs] - first, counts), cells]
        where = np.repeat(np.arange(len(pairs)) * SORTS, counts) + cells % SORTS
        found[pairs] = np.bincount(where, values, minlength=SORTS * len(pairs)).reshape(-1, SORTS)
        table[filled] = 0.0
    return found


def worth_of(corpus: Corpus, cells: Places) -> Exact:
    """What items add where they are shared: as words their weights, else the squares."""
    names = corpus.told().names
    known, which = np.unique(cells // SORTS, return_inverse=True)
    weights = np.array([corpus.basis.weights.of(names[number]) for number in known.tolist()])[which]
    return np.where(cells % SORTS == WORD, weights, weights * weights)


def items_of(told: Told, slots: Places) -> tuple[Places, Places]:
    """The items (3 × number + sort) of slots one after the other, and how many each has."""
    counts = told.held[slots].astype(np.int64)
    rows = ranges(told.items[slots], counts)
    return told.item[rows].astype(np.int64) * SORTS + told.sort[rows], counts


def spread_table(spreads: Spreads, names: list[str]) -> tuple[Exact, Exact]:
    """Means and deviations [n, n] by the numbers of two groups or languages."""
    found = [[spreads.get((min(a, b), max(a, b)), Spread()) for b in names] for a in names]
    shape = (len(names), len(names))
    means = np.array([[s.mean for s in line] for line in found], np.float64).reshape(shape)
    return means, np.array([[s.deviation for s in line] for line in found], np.float64).reshape(shape)
