"""What the fields of very many pairs add to their scores: equal readings are judged only once."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.fields import JUDGES, Condition, Facts, may_match
from kakehashi.matching.signs import Mask

Numbers = NDArray[np.int32]
HARD = ("kind", "side", "open_for_interest")  # what `may_match` looks at
BARRED = -9.0  # more than all that a score can gain


class Judging:
    """Knows facts by number, in the order in which they were learned; they never change."""

    def __init__(self) -> None:
        self.count = 0
        self._soft = [_Table(judge, reads) for judge, reads in JUDGES if reads]
        self._hard = _Table(_barred, HARD)

    def learn(self, facts: Sequence[Facts]) -> None:
        """Facts with the next numbers."""
        self.count += len(facts)
        for table in (*self._soft, self._hard):
            table.learn(facts)

    def meets(self, ones: Numbers, others: Numbers) -> Mask:
        """Whether each pair meets the hard conditions (matching.fields.may_match)."""
        return np.asarray(self._hard.of(ones, others) == 0, bool)

    def ever(self, numbers: Numbers) -> Mask:
        """Whether there is anything that each may meet."""
        return np.asarray(
            self._hard.table().min(axis=1, initial=1)[self._hard.numbers.rows[numbers]] == 0, bool
        )

    def worth(self, ones: Numbers, others: Numbers) -> NDArray[np.float64]:
        """What all soft conditions add, for each pair of an own record's facts with a received one's."""
        hundredths = np.zeros(len(others), np.int64)
        for table in self._soft:
            hundredths += table.of(ones, others)
        return hundredths / 100.0

    def factors(self, ones: Numbers, others: Numbers) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Two matrices whose product [ones, others] is what conditions add, or far below 0 where barred."""
        parts = [table.factors(ones, others, 0.01) for table in self._soft]
        parts.append(self._hard.factors(ones, others, BARRED))
        left, right = (np.hstack(side) for side in zip(*parts, strict=True))
        return left.astype(np.float32), right.astype(np.float32)


class _Table:
    """What one judge says of each pair of readings, in hundredths (of the hard conditions: 1 if barred)."""

    def __init__(
        self, judge: Callable[[Facts, Facts], Condition | bool | None], reads: tuple[str, ...]
    ) -> None:
        self._judge, self._reads = judge, reads
        self._number: dict[tuple[Any, ...], int] = {}
        self._examples: list[Facts] = []
        self.numbers = Column(np.int32)  # of the reading of each facts
        self._said: NDArray[np.int8] = np.zeros((0, 0), np.int8)

    def learn(self, facts: Sequence[Facts]) -> None:
        numbers = []
        for each in facts:
            reading = tuple(getattr(each, name) for name in self._reads)
            numbers.append(self._number.setdefault(reading, len(self._examples)))
            if numbers[-1] == len(self._examples):
                self._examples.append(each)
        self.numbers.extend(numbers)

    def of(self, ones: Numbers, others: Numbers) -> NDArray[np.int8]:
        numbers = self.numbers.rows
        return np.asarray(self.table()[numbers[ones], numbers[others]], np.int8)

    def factors(self, ones: Numbers, others: Numbers, unit: float) -> tuple[Any, Any]:
        """The rows of the table and which of its columns each takes; equal columns are one."""
        columns, which = np.unique(self.table(), axis=1, return_inverse=True)
        numbers = self.numbers.rows
        return columns[numbers[ones]] * unit, np.eye(columns.shape[1])[which.ravel()[numbers[others]]]

    def table(self) -> NDArray[np.int8]:
        """Grown by what was learned since."""
        known, count = len(self._said), len(self._examples)
        if known < count:
            said = np.zeros((count, count), np.int8)
            said[:known, :known] = self._said
            for one, example in enumerate(self._examples):
                for other in range(0 if one >= known else known, count):
                    said[one, other] = _hundredths(self._judge(example, self._examples[other]))
            self._said = said
        return self._said


def _barred(one: Facts, other: Facts) -> bool:
    return not may_match(one, other)


def _hundredths(said: Condition | bool | None) -> int:
    if isinstance(said, bool):
        return int(said)
    return round(said.value * 100) if said else 0
