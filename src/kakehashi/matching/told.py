"""The columns of the corpus as they stand, for who goes through very many pairs; and how ranges are read."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.index import Exact, Mask, Places, Rows
from kakehashi.matching.judging import Judging


class Told(NamedTuple):
    """By slot, but `lang` by passage, `item` and `sort` by row of items, `weights` by item."""

    heads: Rows
    passages: Rows
    key: Places
    place: Places
    own: Mask
    alive: Mask
    group: NDArray[np.int16]
    first: Places
    many: NDArray[np.int16]
    lang: NDArray[np.int16]
    items: Places
    held: NDArray[np.int16]
    item: NDArray[np.int32]
    sort: NDArray[np.int8]
    lengths: Exact
    weights: Exact
    stated: NDArray[np.int32]
    groups: list[str]
    langs: list[str]
    names: list[str]
    judging: Judging


def ranges(starts: Any, counts: Any) -> Places:
    """The numbers start, start + 1, … of each range, one range after the other."""
    before = np.cumsum(counts) - counts
    return np.asarray(np.repeat(starts - before, counts) + np.arange(int(counts.sum())), np.int64)
