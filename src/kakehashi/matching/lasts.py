"""What the last of the best of many places scores at least, by the scores that are known so far."""

import numpy as np

from kakehashi.matching.index import Exact, Mask, Places


class Lasts:
    """`least` [count] by place: it only rises, and begins at the `floor`."""

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


def first(keys: Places, most: int) -> Mask:
    """Which of `keys` have come less than `most` times before."""
    found = np.empty(len(keys), bool)
    order = np.argsort(keys, kind="stable")
    found[order] = _before(keys[order]) < most
    return found


def _before(keys: Places) -> Places:
    """How often each of the sorted `keys` has come before."""
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    return np.asarray(np.arange(len(keys)) - np.repeat(begins, np.diff(begins, append=len(keys))))
