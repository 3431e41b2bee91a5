"""What the scores of all pairs of two sides can come to at most, and at least: two products of matrices.

Shared concepts and topics add squares of weights, so all that they add is a product of matrices with one
column an item. The commonest items have columns of their own. The others share some, where an item may seem
to be shared that is not: what these add is no less than the truth.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching import rank
from kakehashi.matching.corpus import WORD, Corpus
from kakehashi.matching.index import Places
from kakehashi.matching.weigh import SORTS, items_of, worth_of

Matrix = NDArray[np.float32]
OWN_COLUMNS, SHARED_COLUMNS = 160, 64
GAIN = np.array([rank.CONCEPTS, rank.WORD, rank.TOPICS])  # by sort


class Half(NamedTuple):
    """One side: `low @ low.T` with the other's is at most what a pair gains beside its texts.

    `high @ high.T` is what it may gain beyond that.
    """

    low: Matrix
    high: Matrix


def halves(corpus: Corpus, ones: Places, others: Places) -> tuple[Half, Half]:
    """Of own slots and of received ones; a pair that may not meet is far below 0."""
    told = corpus.told()
    cells = items_of(told, np.concatenate((ones, others)))[0]
    column = _columns(cells, SORTS * len(told.names))
    sides = [_items(corpus, slots, column) for slots in (ones, others)]
    fields = told.judging.factors(told.stated[ones], told.stated[others])
    one, other = (
        Half(np.hstack((items[:, :OWN_COLUMNS], said)), items[:, OWN_COLUMNS:])
        for items, said in zip(sides, fields, strict=True)
    )
    return one, other


def _columns(cells: Places, count: int) -> Places:
    """The column of each item [3 × number + sort]: the more records have it, the earlier.

    Words have no columns of their own: what they add is cut off, so that the sum is no lower bound.
    """
    carriers = np.bincount(cells, minlength=count)
    carriers[WORD::SORTS] = 0
    place = np.empty(count, np.int64)
    place[np.argsort(-carriers, kind="stable")] = np.arange(count)
    own = (place < OWN_COLUMNS) & (carriers > 0)
    return np.where(own, place, OWN_COLUMNS + place % SHARED_COLUMNS)


def _items(corpus: Corpus, slots: Places, column: Places) -> Matrix:
    """[slots, columns]"""
    cells, counts = items_of(corpus.told(), slots)
    rows, sorts = np.repeat(np.arange(len(slots)), counts), cells % SORTS
    lengths = np.where(sorts == WORD, 1.0, np.maximum(corpus.lengths[slots[rows], sorts], 1e-6))
    found = np.zeros((len(slots), OWN_COLUMNS + SHARED_COLUMNS), np.float32)
    values = np.sqrt(GAIN[sorts] * worth_of(corpus, cells)) / lengths
    np.add.at(found, (rows, column[cells]), values.astype(np.float32))
    return found
