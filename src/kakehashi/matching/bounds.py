"""What each pair of two sides can gain at most beside its texts: one product of matrices.

Shared concepts and topics add squares of weights, so all that they add is a product of matrices with one
column an item. The commonest items have columns of their own. The others share some, where an item may seem
to be shared that is not: what these add is no less than the truth.
"""

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching import rank
from kakehashi.matching.corpus import WORD, Corpus
from kakehashi.matching.index import Places
from kakehashi.matching.items import SORTS
from kakehashi.matching.weigh import items_of, worth_of

Matrix = NDArray[np.float32]
OWN_COLUMNS, SHARED_COLUMNS = 384, 64
GAIN = np.array([rank.CONCEPTS, rank.WORD, rank.TOPICS])  # by sort


def beside_texts(corpus: Corpus, ones: Places, others: Places) -> tuple[Matrix, Matrix]:
    """Of own slots and of received ones, to be multiplied: at most what a pair gains, nearly.

    A pair that may not meet is far below 0.
    """
    told = corpus.told()
    cells = items_of(told, np.concatenate((ones, others)))[0]
    column = _columns(cells, SORTS * len(told.names))
    items = [_items(corpus, slots, column) for slots in (ones, others)]
    fields = told.judging.factors(told.stated[ones], told.stated[others])
    left, right = (np.hstack(half) for half in zip(items, fields, strict=True))
    return left, right


def _columns(cells: Places, count: int) -> Places:
    """The column of each item [3 × number + sort]: the more records have it, the earlier."""
    carriers = np.bincount(cells, minlength=count)
    place = np.empty(count, np.int64)
    place[np.argsort(-carriers, kind="stable")] = np.arange(count)
    return np.where(place < OWN_COLUMNS, place, OWN_COLUMNS + place % SHARED_COLUMNS)


def _items(corpus: Corpus, slots: Places, column: Places) -> Matrix:
    """[slots, columns]"""
    told = corpus.told()
    cells, counts = items_of(told, slots)
    rows, sorts = np.repeat(np.arange(len(slots)), counts), cells % SORTS
    lengths = np.where(sorts == WORD, 1.0, np.maximum(corpus.lengths[slots[rows], sorts], 1e-6))
    found = np.zeros((len(slots), OWN_COLUMNS + SHARED_COLUMNS), np.float32)
    values = np.sqrt(GAIN[sorts] * worth_of(told, cells)) / lengths
    np.add.at(found, (rows, column[cells]), values.astype(np.float32))
    return found
