"""Which records hold an expression, or what share of a query: keys and shares side by side."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kakehashi.matching.index import Exact, Places

NONE = np.zeros(0, np.int64)


class Held(NamedTuple):
    """Records by their keys, each once, and what each holds of an expression or of a query: from 0 to 1."""

    keys: Places
    shares: Exact

    @classmethod
    def of(cls, shares: Mapping[int, float]) -> "Held":
        many = len(shares)
        return cls(np.fromiter(shares, np.int64, many), np.fromiter(shares.values(), np.float64, many))

    def __or__(self, other: "Held") -> "Held":  # as sets do
        fresh = ~np.isin(other.keys, self.keys)
        return Held(
            np.concatenate([self.keys, other.keys[fresh]]), np.concatenate([self.shares, other.shares[fresh]])
        )


def rarity(found: int, total: int) -> float:
    """How much an expression tells that `found` of `total` records match."""
    return math.log(1 + (total + 1) / (found + 0.5))


def shares(postings: Sequence[Held], weights: Sequence[float]) -> Held:
    """Which share of all weights each key of the postings gathers."""
    if not postings:
        return Held(NONE, np.zeros(0))
    whole = math.fsum(weights)
    keys, places = np.unique(np.concatenate([posting.keys for posting in postings]), return_inverse=True)
    worth = [posting.shares * (weight / whole) for posting, weight in zip(postings, weights, strict=True)]
    return Held(keys, np.bincount(places, np.concatenate(worth), len(keys)).astype(np.float64))
