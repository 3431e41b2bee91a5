"""What a query is standardised against: how near it is to a sample of each group of languages."""

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.centre import Spread
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.index import Exact, Places, Rows

MOST = 256  # vectors of one group
ENOUGH = 12
NARROWEST = 0.02  # deviation below which a sample says nothing


class Reference:
    """Samples of the groups of which there is enough; of the others nothing is known."""

    def __init__(self, samples: list[tuple[int, int]] | None = None, rows: Rows | None = None) -> None:
        """`samples`: the number of each group and how many of `rows` are its."""
        self._samples, self._rows = samples or [], rows

    @classmethod
    def of(cls, rows: Rows, places: Places, numbers: NDArray[np.int16]) -> "Reference":
        """From the rows at `places`, of which `numbers` are the groups; taken evenly from each."""
        chosen = {}
        for number in np.unique(numbers).tolist():
            every = places[numbers == number]
            chosen[number] = every[:: max(len(every) // MOST, 1)][:MOST]
        told = {number: part for number, part in chosen.items() if len(part) >= ENOUGH}
        if not told:
            return cls()
        samples = [(number, len(part)) for number, part in told.items()]
        return cls(samples, rows.sample(np.concatenate(list(told.values()))))

    def spreads(self, query: Vectors, count: int) -> Exact:
        """Mean and deviation [count, 2] of a query's similarities to each of `count` groups."""
        found = np.tile(np.array([Spread().mean, Spread().deviation]), (max(count, 1), 1))
        if self._rows is not None:
            near = self._rows.similarities(query, np.arange(self._rows.count))
            ends = np.cumsum([many for _, many in self._samples])[:-1]
            for (number, _), part in zip(self._samples, np.split(near, ends), strict=True):
                found[number] = part.mean(), max(part.std(), NARROWEST)
        return found
