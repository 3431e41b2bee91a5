"""The concepts, words and topics of many records as the numbers that the corpus keeps, made all at once."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.rank import Weights
from kakehashi.matching.slots import Names

SORTS = 3  # concepts, words, topics


class Laid(NamedTuple):
    """`held`: how many items each record has; `items` and `sorts` of all, one record after the other.

    `lengths` [records, 3]: of the vectors that the items of each sort make.
    """

    held: NDArray[np.int64]
    items: NDArray[np.int64]
    sorts: NDArray[np.int64]
    lengths: NDArray[np.float64]


class Items:
    """Numbers items by `names` and knows by number what each weighs."""

    def __init__(self, names: Names, weights: Weights) -> None:
        self._names, self._weights = names, weights
        self._weighed = Column(np.float64)

    def lay(self, named: Sequence[Collection[str]]) -> Laid:
        """`named`: the items of each record, SORTS collections a record. Each is kept once, by number."""
        many = np.fromiter(map(len, named), np.int64, len(named))
        numbers = self._names.numbers(chain.from_iterable(named), int(many.sum()))
        cells = np.repeat(np.arange(len(named)), many)
        # Squares of weights are whole 2**-40ths: their sum is the same in whatever order.
        squares = np.bincount(cells, self.weights()[numbers] ** 2, len(named))
        order = np.lexsort((numbers, cells))
        numbers, cells = numbers[order], cells[order]
        once = np.ones(len(numbers), bool)
        once[1:] = (numbers[1:] != numbers[:-1]) | (cells[1:] != cells[:-1])
        records = len(named) // SORTS
        return Laid(
            np.bincount(cells[once] // SORTS, minlength=records),
            numbers[once],
            cells[once] % SORTS,
            np.sqrt(squares).reshape(records, SORTS),
        )

    def weights(self) -> NDArray[np.float64]:
        """Of each item that has a number."""
        fresh = self._names.all[self._weighed.count :]
        if fresh:
            self._weighed.extend([self._weights.of(item) for item in fresh])
        return self._weighed.rows
