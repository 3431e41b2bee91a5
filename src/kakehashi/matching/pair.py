"""Scores one record against many others; a pair has the same score from both its ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kakehashi.matching import rank
from kakehashi.matching.best import Rank
from kakehashi.matching.corpus import CONCEPT, TOPIC, WORD, Corpus
from kakehashi.matching.fields import KINDS, PARTNERS, Condition, conditions
from kakehashi.matching.index import Exact, Places
from kakehashi.matching.rank import Evidence, Score, score
from kakehashi.matching.weigh import likeness, weigh

FLOOR = 0.30  # below this a pair is no match
HAIR = 1e-6  # what sums in another order may differ by


@dataclass(frozen=True)
class Pair:
    """Two records (their keys) and why they belong together; `places` order equal scores."""

    one: int
    other: int
    score: Score
    conditions: tuple[Condition, ...]
    places: tuple[int, int]

    @property
    def rank(self) -> Rank:
        """Smaller is better."""
        return -self.score.total, self.places


@dataclass(frozen=True)
class Found:
    """The matches of the record at a slot, best first: slots of the others, similarities and scores."""

    corpus: Corpus
    mine: int
    slots: Places
    heads: Exact
    passages: Exact
    totals: Exact

    @cached_property
    def keys(self) -> list[int]:
        return [int(key) for key in self.corpus.keys[self.slots]]

    def rank(self, number: int) -> Rank:
        """Smaller is better."""
        one, other = self._ends(number)
        return -float(self.totals[number]), (self.corpus.place(one), self.corpus.place(other))

    def pair(self, number: int) -> Pair:
        """With its reasons; `one` is the own record."""
        near = float(self.heads[number]), float(self.passages[number])
        return pair_of(self.corpus, *self._ends(number), *near, judged=True)

    def _ends(self, number: int) -> tuple[int, int]:
        other = int(self.slots[number])
        return (self.mine, other) if self.corpus.is_own(self.mine) else (other, self.mine)


def partners(corpus: Corpus, key: int) -> Found:
    """All matches of a record among those of the other kind of owner."""
    mine, told = corpus.slots[key], corpus.told()
    others = corpus.across(mine, {kind for kind in KINDS if {corpus.facts(mine).kind, kind} in PARTNERS})
    others = others[told.judging.meets(told.stated[[mine]], told.stated[others])]
    if not len(others):
        return Found(corpus, mine, others, *np.zeros((3, 0)))
    heads, passages = corpus.near(mine, others)
    one, other = (np.array([mine]), others) if corpus.is_own(mine) else (others, np.array([mine]))
    totals = weigh(corpus, one, other, heads, passages).totals
    best = np.lexsort((told.place[others], -totals))
    best = best[totals[best] >= FLOOR]
    return Found(corpus, mine, others[best], heads[best], passages[best], totals[best])


def related(corpus: Corpus, key: int, slots: Iterable[int], *, floor: float, most: int) -> list[Pair]:
    """Those of `slots` that speak of the same, whatever their kinds; no condition is judged."""
    mine = corpus.slots[key]
    others = np.array([slot for slot in slots if slot != mine], np.int64)
    if not len(others):
        return []
    heads, passages = corpus.near(mine, others)
    text = rank.TEXT * rank.text_closenesses(heads, passages)
    near = np.flatnonzero(
        text + likeness(corpus, np.full(len(others), mine), others).sum(axis=1) >= floor - HAIR
    )
    found = [
        pair_of(corpus, mine, int(others[i]), float(heads[i]), float(passages[i]), judged=False) for i in near
    ]
    return ordered(pair for pair in found if pair.score.total >= floor)[:most]


def ordered(pairs: Iterable[Pair]) -> list[Pair]:
    """Best first; equal ones in an order that does not depend on when they came."""
    return sorted(pairs, key=lambda pair: pair.rank)


def pair_of(corpus: Corpus, one: int, other: int, head: float, passage: float, *, judged: bool) -> Pair:
    """Weigh all evidence of two slots."""
    a, b = corpus.facts(one), corpus.facts(other)
    concepts, words = ((corpus.items(one, sort), corpus.items(other, sort)) for sort in (CONCEPT, WORD))
    topics = corpus.items(one, TOPIC) & corpus.items(other, TOPIC)
    cosine, lengths = corpus.basis.weights.cosine, corpus.lengths[[one, other]].T.tolist()
    shared = concepts[0] & concepts[1]
    evidence = Evidence(
        head=head,
        passage=passage,
        concepts=shared,
        words=words[0] & words[1],
        topics=topics,
        concepts_alike=cosine(shared, *lengths[CONCEPT]),
        topics_alike=cosine(topics, *lengths[TOPIC]),
    )
    found = tuple(conditions(a, b)) if judged else ()
    places = (corpus.place(one), corpus.place(other))
    return Pair(
        corpus.key(one), corpus.key(other), score(evidence, corpus.basis.weights, found), found, places
    )
