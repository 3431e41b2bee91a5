"""Full-text search: which records hold the words and concepts of a query."""

from collections.abc import Iterable, Sequence

import numpy as np

from kakehashi.matching import fulltext
from kakehashi.matching.expression import ELSEWHERE, Expression
from kakehashi.matching.held import NONE, Held, rarity, shares
from kakehashi.matching.index import Mask, Places

MOST = 300  # rows of one expression that are taken, those with it in the title first, then the newest
FEW, RARE = 5_000, 50  # allowed records up to which the table itself is limited to them: one of so many
SPARE = 1.5  # how many more rows are read at once than should hold as many allowed ones as are wanted
LONGEST = 20_000  # rows that are read at once at most


def find(matches: Sequence[Expression], allowed: Mask, near: Places = NONE) -> Held:
    """Records whose keys are `allowed` and that one of the expressions finds, in the order of their keys.

    The value is the share (0 to 1) of the expressions that a record matches, telling ones counting more. Of
    an expression that more than MOST match, those of the records `near` (allowed keys) are taken as well.
    """
    total = int(np.count_nonzero(allowed))
    few = fulltext.keys(np.flatnonzero(allowed)) if total <= FEW and total * RARE <= len(allowed) else ""
    postings = [_rows(match, allowed, few, total) for match in matches]
    weights = [rarity(len(posting.keys), total) for posting in postings]
    crowded = [at for at, posting in enumerate(postings) if len(posting.keys) >= MOST]
    if len(near) and crowded:
        texts = not all(matches[at].concepts for at in crowded)
        tokens = fulltext.content(fulltext.keys(near), texts=texts)
        for at in crowded:
            postings[at] |= matches[at].held(tokens)
    return shares(postings, weights)


def _rows(match: Expression, allowed: Mask, few: str, total: int) -> Held:
    """Allowed records that match, at most MOST: 1 if in the title, else ELSEWHERE.

    What is not allowed takes no place among them: few allowed ones limit the table itself, of many the rows
    are read until enough of them are allowed.
    """
    at_once = min(int(MOST * SPARE * len(allowed) / total), LONGEST) if total and not few else MOST
    titled = (
        NONE if match.concepts else _first(fulltext.found(match, few, title=True, at_once=at_once), allowed)
    )
    others = NONE
    if len(titled) < MOST:
        found = _first(fulltext.found(match, few, at_once=at_once), allowed)
        others = found[~np.isin(found, titled)][: MOST - len(titled)]
    strengths = np.repeat([1.0, ELSEWHERE], [len(titled), len(others)])
    return Held(np.concatenate([titled, others]), strengths)


def _first(found: Iterable[Places], allowed: Mask) -> Places:
    """At most MOST allowed ones of what is found, the newest first."""
    parts, missing = [NONE], MOST
    for keys in found:
        keys = keys[keys < len(allowed)]
        parts.append(keys[allowed[keys]][:missing])
        missing -= len(parts[-1])
        if missing <= 0:
            break
    return np.concatenate(parts)
