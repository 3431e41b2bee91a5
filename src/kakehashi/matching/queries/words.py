"""Full-text search: which records hold the words and concepts of a query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kakehashi.matching import fulltext
from kakehashi.matching.expression import ELSEWHERE, Expression
from kakehashi.matching.held import NONE, Held, rarity, shares
from kakehashi.matching.index import Mask, Places

MOST = 300  # rows of one expression that are taken, those with it in the title first, then the newest


@dataclass(frozen=True)
class Near:
    """Records near in meaning, all of them allowed, and which of them name a concept, as memory has it."""

    keys: Places = field(default_factory=lambda: NONE)
    naming: Mapping[Expression, Places] = field(default_factory=dict)


def find(matches: Sequence[Expression], allowed: Mask) -> list[Held]:
    """Records whose keys are `allowed` that each expression finds, at most MOST: 1 if in the title, else
    ELSEWHERE."""
    found = fulltext.found(matches, allowed, MOST)
    return [_held(found.get((match, True), NONE), found.get((match, False), NONE)) for match in matches]


def shared(
    matches: Sequence[Expression], found: Sequence[Held], allowed: Mask, near: Near | None = None
) -> Held:
    """What share (0 to 1) of the expressions each record holds that they `found`, telling ones counting more.

    In the order of the keys. Of an expression that more than MOST match, those of the records `near` are
    taken as well.
    """
    total, postings = int(np.count_nonzero(allowed)), list(found)
    weights = [rarity(len(posting.keys), total) for posting in postings]
    crowded = [at for at, posting in enumerate(postings) if len(posting.keys) >= MOST]
    if near and crowded:
        for at, more in zip(crowded, _of(near, [matches[at] for at in crowded]), strict=True):
            postings[at] |= more
    return shares(postings, weights)


def _held(titled: Places, anywhere: Places) -> Held:
    others = anywhere[~np.isin(anywhere, titled)][: MOST - len(titled)]
    strengths = np.repeat([1.0, ELSEWHERE], [len(titled), len(others)])
    return Held(np.concatenate([titled, others]), strengths)


def _of(near: Near, matches: Sequence[Expression]) -> Iterator[Held]:
    """What each expression finds among the records nearby; their texts are read only if a word asks."""
    asked = len(near.keys) and not all(match.concepts for match in matches)
    rows = fulltext.texts(near.keys) if asked else []
    for match in matches:
        named = near.naming.get(match, NONE)
        yield Held(named, np.full(len(named), ELSEWHERE)) if match.concepts else match.held(rows)
