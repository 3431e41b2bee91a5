"""Scores one record against many others; a pair has the same score from both its ends."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kakehashi.matching import rank
from kakehashi.matching.best import Rank
from kakehashi.matching.corpus import CONCEPT, TOPIC, WORD, Corpus
from kakehashi.matching.fields import KINDS, MOST_CONDITIONS, PARTNERS, Condition, conditions, may_match
from kakehashi.matching.index import Exact, Places
from kakehashi.matching.rank import Evidence, Score, score

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


def partners(corpus: Corpus, key: int) -> list[Pair]:
    """All matches of a record among those of the other kind of owner, best first; `one` is the own record."""
    mine = corpus.slots[key]
    facts = corpus.facts(mine)
    others = corpus.across(mine, {kind for kind in KINDS if {facts.kind, kind} in PARTNERS})
    found = []
    for slot, head, passage in _promising(corpus, mine, others, FLOOR - MOST_CONDITIONS):
        if may_match(facts, corpus.facts(slot)):
            ends = (mine, slot) if corpus.is_own(mine) else (slot, mine)
            found.append(_pair(corpus, *ends, head, passage, judged=True))
    return ordered(pair for pair in found if pair.score.total >= FLOOR)


def related(corpus: Corpus, key: int, slots: Iterable[int], *, floor: float, most: int) -> list[Pair]:
    """Those of `slots` that speak of the same, whatever their kinds; no condition is judged."""
    mine = corpus.slots[key]
    others = np.array([slot for slot in slots if slot != mine], np.int64)
    found = [
        _pair(corpus, mine, slot, head, passage, judged=False)
        for slot, head, passage in _promising(corpus, mine, others, floor)
    ]
    return ordered(pair for pair in found if pair.score.total >= floor)[:most]


def ordered(pairs: Iterable[Pair]) -> list[Pair]:
    """Best first; equal ones in an order that does not depend on when they came."""
    return sorted(pairs, key=lambda pair: pair.rank)


def _promising(corpus: Corpus, mine: int, others: Places, least: float) -> list[tuple[int, float, float]]:
    """Slots whose score without conditions may reach `least`, with their standardised similarities."""
    if not len(others):
        return []
    heads, passages = corpus.near(mine, others)
    text = rank.TEXT * rank.text_closenesses(heads, passages)
    bound = text + _shared(corpus, mine, others)
    kept = np.flatnonzero(bound >= least - HAIR)
    return [(int(others[i]), float(heads[i]), float(passages[i])) for i in kept]


def _shared(corpus: Corpus, mine: int, others: Places) -> Exact:
    """What shared concepts, words and topics add, as near as floats go (rank.score)."""
    of = corpus.basis.weights.of
    concepts, words, topics = (corpus.items(mine, sort) for sort in (CONCEPT, WORD, TOPIC))
    worth = (
        {item: of(item) ** 2 for item in concepts},
        {item: rank.WORD * of(item) for item in words},
        {item: of(item) ** 2 for item in topics},
    )
    shared = corpus.sums(others, worth)
    lengths = np.maximum(corpus.lengths[mine] * corpus.lengths[others], 1e-12)
    return np.asarray(
        rank.CONCEPTS * shared[:, CONCEPT] / lengths[:, CONCEPT]
        + np.minimum(shared[:, WORD], rank.WORDS_CAP)
        + rank.TOPICS * shared[:, TOPIC] / lengths[:, TOPIC],
        np.float64,
    )


def _pair(corpus: Corpus, one: int, other: int, head: float, passage: float, *, judged: bool) -> Pair:
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
