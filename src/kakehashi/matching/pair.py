"""Scores one record against many others and keeps the best."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from kakehashi.matching.centre import Spread
from kakehashi.matching.corpus import Corpus, group
from kakehashi.matching.fields import Condition, conditions, may_match
from kakehashi.matching.rank import Evidence, Score, score

FLOOR = 0.30  # below this a pair is no match
MOST = 30  # pairs kept of one record


@dataclass(frozen=True)
class Pair:
    """Two records (their keys) and why they belong together."""

    one: int
    other: int
    score: Score
    conditions: tuple[Condition, ...]


def partners(corpus: Corpus, key: int, *, keep: Collection[int] = (), floor: float = FLOOR) -> list[Pair]:
    """The best matches of a record among those of the other kind of owner; `one` is always the own record.

    At most MOST, and beside them those of `keep` (keys) that are still above `floor`: they may be among the
    best of the other record.
    """
    mine = corpus.slots[key]
    facts = corpus.at(mine).facts
    own = corpus.at(mine).own
    others = (slot for slot in np.flatnonzero(corpus.alive).tolist() if corpus.at(slot).own != own)
    fitting = [slot for slot in others if may_match(facts, corpus.at(slot).facts)]
    pairs = [compare(corpus, *((mine, slot) if own else (slot, mine))) for slot in fitting]
    good = _ordered(pair for pair in pairs if pair.score.total >= floor)
    return [*good[:MOST], *(pair for pair in good[MOST:] if (pair.other if own else pair.one) in keep)]


def related(corpus: Corpus, key: int, slots: Iterable[int], *, floor: float, most: int) -> list[Pair]:
    """Those of `slots` that speak of the same, whatever their kinds; no condition is judged."""
    mine = corpus.slots[key]
    pairs = (compare(corpus, mine, slot, judged=False) for slot in slots if slot != mine)
    return _ordered(pair for pair in pairs if pair.score.total >= floor)[:most]


def _ordered(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair.score.total, pair.one, pair.other))


def compare(corpus: Corpus, one: int, other: int, *, judged: bool = True) -> Pair:
    """Weigh all evidence of two slots."""
    a, b = corpus.at(one), corpus.at(other)
    near = corpus.head_spreads.get((group(a), group(b)), Spread())
    head = near.standardise(float(corpus.head(one) @ corpus.head(other)))
    evidence = Evidence(
        head=head,
        passage=_best_passage(corpus, one, other, without=head),
        concepts=a.concepts & b.concepts,
        words=a.words & b.words,
        topics=set(a.facts.topics) & set(b.facts.topics),
    )
    found = tuple(conditions(a.facts, b.facts)) if judged else ()
    return Pair(a.key, b.key, score(evidence, corpus.weights, found), found)


def _best_passage(corpus: Corpus, one: int, other: int, *, without: float) -> float:
    """The best pair of passages, standardised per pair of languages; `without` if a side has none."""
    a, b = corpus.at(one), corpus.at(other)
    if not len(a.passages) or not len(b.passages):
        return without
    near = corpus.passages(one) @ corpus.passages(other).T
    i, j = np.unravel_index(int(near.argmax()), near.shape)
    spreads = corpus.passage_spreads.get((a.passage_langs[int(i)], b.passage_langs[int(j)]), Spread())
    return spreads.standardise(float(near[i, j]))
