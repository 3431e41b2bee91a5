"""Full-text search: which records hold the words and concepts of a query."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from kakehashi.matching import fulltext
from kakehashi.matching.expression import ELSEWHERE, Expression
from kakehashi.matching.index import Mask, Places

MOST = 300  # rows of one expression that are taken, those with it in the title first, then the newest
FEW = 5_000  # allowed records up to which the table itself is limited to them
_NONE = np.zeros(0, np.int64)


def find(matches: Sequence[Expression], allowed: Mask, near: Places = _NONE) -> dict[int, float]:
    """Records whose keys are `allowed` and that one of the expressions finds.

    The value is the share (0 to 1) of the expressions that a record matches, telling ones counting more. Of
    an expression that more than MOST match, those of the records `near` (allowed keys) are taken as well.
    """
    total = int(np.count_nonzero(allowed))
    few = fulltext.keys(np.flatnonzero(allowed)) if total <= FEW else ""
    postings = [_rows(match, allowed, few) for match in matches]
    weights = [rarity(len(posting), total) for posting in postings]
    if len(near) and any(len(posting) >= MOST for posting in postings):
        held = fulltext.content(fulltext.keys(near))
        for match, posting in zip(matches, postings, strict=True):
            if len(posting) >= MOST:
                posting |= {key: share for key, *texts in held if (share := match.holds(*texts))}
    return shares(postings, weights)


def rarity(found: int, total: int) -> float:
    """How much an expression tells that `found` of `total` records match."""
    return math.log(1 + (total + 1) / (found + 0.5))


def shares(postings: Sequence[dict[int, float]], weights: Sequence[float]) -> dict[int, float]:
    """Which share of all weights each key of the postings gathers."""
    whole = math.fsum(weights)
    found: dict[int, float] = {}
    for posting, weight in zip(postings, weights, strict=True):
        for key, strength in posting.items():
            found[key] = found.get(key, 0.0) + strength * weight / whole
    return found


def _rows(match: Expression, allowed: Mask, few: str) -> dict[int, float]:
    """Allowed records that match, at most MOST: 1 if in the title, else ELSEWHERE.

    What is not allowed takes no place among them: few allowed ones limit the table itself, of many the rows
    are read until enough of them are allowed.
    """
    found: dict[int, float] = {}
    if not match.concepts:
        found = dict.fromkeys(_keys(match, allowed, few, MOST, title=True), 1.0)
    for key in _keys(match, allowed, few, 2 * MOST):
        if len(found) >= MOST:
            break
        found.setdefault(key, ELSEWHERE)
    return found


def _keys(match: Expression, allowed: Mask, few: str, most: int, *, title: bool = False) -> Iterator[int]:
    """At most `most` allowed rows that match, the newest first."""
    for keys in fulltext.found(match, few, title=title, at_once=4 * most):
        keys = keys[keys < len(allowed)]
        good = keys[allowed[keys]][:most].tolist()
        yield from good
        most -= len(good)
        if most <= 0:
            return
