"""Keeps lists of the best few right when one entry changes, without looking at everything else again."""

from collections.abc import Collection
from typing import Literal, NamedTuple, TypeAlias

# Smaller is better: (-score, the places of both records).
Rank: TypeAlias = tuple[float, tuple[int, int]]


class Verdict(NamedTuple):
    """`unknown`: somebody who is not on the list may have to come on it, so it must be made anew."""

    says: Literal["in", "out", "unknown"]
    evicts: Rank | None = None


def verdict(rank: Rank | None, others: Collection[Rank], *, was_in: bool, most: int) -> Verdict:
    """Whether an entry that has `rank` now (None: it is gone) is among the `most` best.

    `others` are the rest of the list, which was right when the entry stood as it did (`was_in`).
    """
    worst = max(others, default=None)
    better = rank is not None and worst is not None and rank < worst
    if was_in and len(others) + 1 >= most and not better:
        return Verdict("unknown")
    if rank is None:
        return Verdict("out")
    if len(others) < most:
        return Verdict("in")
    return Verdict("in", evicts=worst) if better else Verdict("out")
