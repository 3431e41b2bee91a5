"""An array that grows at its end: the one shape in which matching keeps anything of very many records."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Column:
    """`shape` is that of one row."""

    def __init__(self, dtype: Any, *shape: int) -> None:
        self.count = 0
        self._room: NDArray[Any] = np.zeros((0, *shape), dtype)

    @property
    def rows(self) -> NDArray[Any]:
        return self._room[: self.count]

    @property
    def shape(self) -> tuple[int, ...]:
        """That of one row."""
        return self._room.shape[1:]

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._room.dtype

    def take(self, room: NDArray[Any], count: int) -> None:
        """Stand on an array of which the first `count` rows are filled and the others zero."""
        self._room, self.count = room, count

    def extend(self, values: Any) -> None:
        first, self.count = self.count, self.count + len(values)
        if self.count > len(self._room):
            room = max(self.count + len(self._room) // 4, 256)
            grown = np.zeros((room, *self._room.shape[1:]), self._room.dtype)
            grown[:first] = self._room[:first]
            self._room = grown
        self._room[first : self.count] = values
