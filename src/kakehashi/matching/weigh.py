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
from kakehashi.matching.index import Exact, Places
from kakehashi.matching.items import SORTS
from kakehashi.matching.told import Told, ranges

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


def heads_alike(corpus: Corpus, ones: Places, others: Places) -> Exact:
    """Standardised similarities of the heads of pairs of slots, as `Corpus.near` has them."""
    told = corpus.told()
    means, deviations = spread_table(corpus.basis.heads, told.groups)
    groups = told.group[ones], told.group[others]
    return np.asarray((told.heads.paired(ones, others) - means[groups]) / deviations[groups], np.float64)


def passages_alike(corpus: Corpus, ones: Places, others: Places, heads: Exact) -> Exact:
    """The same of their best passages; where a side has none, those of the heads, which are known."""
    told = corpus.told()
    found = heads.copy()
    both = np.flatnonzero((told.many[ones] > 0) & (told.many[others] > 0))
    found[both] = _best_passages(corpus, ones[both], others[both])
    return found


def _best_passages(corpus: Corpus, ones: Places, others: Places) -> Exact:
    """Of pairs of slots that all have passages."""
    told = corpus.told()
    many, counts = (told.many[slots].astype(np.int64) for slots in (ones, others))
    starts = np.cumsum(counts) - counts
    means, deviations = spread_table(corpus.basis.passages, told.langs)
    best = np.full(int(counts.sum()), -np.inf)
    for number in range(many.max(initial=0)):  # the first passage of each one, the second, …
        having = np.flatnonzero(many > number)
        mine = np.repeat(told.first[ones[having]] + number, counts[having])
        theirs = ranges(told.first[others[having]], counts[having])
        langs = told.lang[mine], told.lang[theirs]
        near = (told.passages.paired(mine, theirs) - means[langs]) / deviations[langs]
        cells = ranges(starts[having], counts[having])
        best[cells] = np.maximum(best[cells], near)
    return np.asarray(np.maximum.reduceat(best, starts), np.float64) if len(best) else best


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
        table[filled] = worth_of(told, cells)
        cells, counts = items_of(told, others[pairs])
        values = table[np.repeat(row_of[pairs] - first, counts), cells]
        where = np.repeat(np.arange(len(pairs)) * SORTS, counts) + cells % SORTS
        found[pairs] = np.bincount(where, values, minlength=SORTS * len(pairs)).reshape(-1, SORTS)
        table[filled] = 0.0
    return found


def worth_of(told: Told, cells: Places) -> Exact:
    """What items add where they are shared: as words their weights, else the squares."""
    weights = told.weights[cells // SORTS]
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
