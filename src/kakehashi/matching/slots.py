"""Numbers for names, and slots for keys: what the columns of the corpus are found by."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.column import Column
from kakehashi.matching.signs import Mask, Places


class Names:
    """Numbers for values that occur again and again."""

    def __init__(self) -> None:
        self._number = _Next()

    @property
    def all(self) -> list[str]:
        """By number."""
        return self._number.names

    def take(self, names: list[str]) -> None:
        """Stand for these, in this order."""
        self._number = _Next()
        self.numbers(names, len(names))

    def number(self, name: str) -> int:
        return self._number[name]

    def numbers(self, names: Iterable[str], many: int) -> NDArray[np.int64]:
        """The number of each of `many` names."""
        return np.fromiter(map(self._number.__getitem__, names), np.int64, many)

    def known(self, names: Collection[str]) -> dict[str, int]:
        """Those of `names` that have a number."""
        return {name: self._number[name] for name in names if name in self._number}


class _Next(dict[str, int]):
    """Gives a name that it does not know the next number: what is known is found without a call in Python."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self.names)
        self.names.append(name)
        return number


class Slots:
    """The slot of each key that is held: four bytes a key, where a dictionary takes a hundred."""

    def __init__(self) -> None:
        self._count = 0
        self.by_key = Column(np.int32)  # -1: not held

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: int) -> bool:
        return key < self.by_key.count and self.by_key.rows[key] >= 0

    def __getitem__(self, key: int) -> int:
        if key not in self:
            raise KeyError(key)
        return int(self.by_key.rows[key])

    def of(self, keys: Places) -> Places:
        """The slot of each of `keys`, -1 where it is not held."""
        known = keys < self.by_key.count
        found = np.full(len(keys), -1, np.int64)
        found[known] = self.by_key.rows[keys[known]]
        return found

    def resume(self) -> None:
        """Count anew, after the column was filled from outside."""
        self._count = int(np.count_nonzero(self.by_key.rows >= 0))

    def put(self, keys: Places, first: int) -> None:
        """Keys that are not held, in slots one after the other."""
        more = int(keys.max(initial=-1)) + 1 - self.by_key.count
        if more > 0:
            self.by_key.extend(np.full(more, -1, np.int32))
        self.by_key.rows[keys] = np.arange(first, first + len(keys))
        self._count += len(keys)

    def pop(self, key: int) -> int | None:
        """The slot that a key had; None if it was not held."""
        if key not in self:
            return None
        slot, self.by_key.rows[key] = int(self.by_key.rows[key]), -1
        self._count -= 1
        return slot

    def without(self, allowed: Mask) -> Mask:
        """By key: what is allowed and not held."""
        known = self.by_key.rows[: len(allowed)]
        found = allowed.copy()
        found[: len(known)] &= known < 0
        return found
