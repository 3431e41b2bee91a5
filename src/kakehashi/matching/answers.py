"""Weighs what a query finds: all candidates as columns first, the reasons only of those that are shown."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kakehashi.matching.corpus import CONCEPT, TOPIC, Corpus
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.held import Held
from kakehashi.matching.index import Exact, Mask, Places
from kakehashi.matching.query import Query
from kakehashi.matching.rank import Evidence, Score, search_score, text_closenesses

UNREAD = -9.0  # standard deviations of a record without vectors
Parts = tuple[float, float, float, float]


@dataclass(frozen=True)
class Answers:
    """Records by key, each with what it has of a query; `slots` are -1 where nothing is encoded yet.

    `heads` and `passages` are standardised similarities, the others shares from 0 to 1.
    """

    keys: Places
    slots: Places
    heads: Exact
    passages: Exact
    concepts: Exact
    words: Exact
    topics: Exact
    weights: Parts  # of text, concepts, words, topics

    @cached_property
    def total(self) -> Exact:
        """What ranks them: the totals of their scores, as near as floats go."""
        text, concepts, words, topics = self.weights
        near = text_closenesses(self.heads, self.passages)
        return np.asarray(text * near + concepts * self.concepts + words * self.words + topics * self.topics)

    def where(self, chosen: Mask) -> "Answers":
        """Only some of them."""
        return Answers(
            self.keys[chosen],
            self.slots[chosen],
            self.heads[chosen],
            self.passages[chosen],
            self.concepts[chosen],
            self.words[chosen],
            self.topics[chosen],
            self.weights,
        )

    def and_unread(self, words: Held) -> "Answers":
        """With records of which only the words are known."""
        keys, shares = words
        none, unread = np.zeros(len(keys)), np.full(len(keys), UNREAD)
        return Answers(
            np.concatenate([self.keys, keys]),
            np.concatenate([self.slots, np.full(len(keys), -1)]),
            np.concatenate([self.heads, unread]),
            np.concatenate([self.passages, unread]),
            np.concatenate([self.concepts, none]),
            np.concatenate([self.words, shares]),
            np.concatenate([self.topics, none]),
            self.weights,
        )


class Weighing:
    """What one query's candidates are weighed with."""

    def __init__(self, corpus: Corpus, query: Query, weights: Parts) -> None:
        self._corpus, self._query, self._weights = corpus, query, weights
        of = corpus.basis.weights.of
        worth = {concept: 0.2 + of(concept) for concept in query.concepts}  # telling ones count more
        whole = math.fsum(worth.values())
        self._concepts = {concept: value / whole for concept, value in worth.items()}
        self._topics = _topics(query, corpus)
        self._worth = {(CONCEPT, concept): value for concept, value in self._concepts.items()}
        self._worth |= {(TOPIC, topic): of(topic) * share for topic, share in self._topics.items()}

    def answers(self, vector: Vectors, near: Places, words: Held) -> Answers:
        """The slots `near` and the keys that hold `words`, of which those without a slot are left out."""
        slots = self._corpus.slots.of(words.keys)
        slots, shares = slots[slots >= 0], words.shares[slots >= 0]
        chosen = np.union1d(near, slots)
        held = np.zeros(len(chosen))
        held[np.searchsorted(chosen, slots)] = shares
        heads, passages = self._corpus.similarities(vector, chosen)
        concepts, topics = self._worth_of(chosen)
        lengths = np.maximum(self._corpus.lengths[chosen, TOPIC], 1e-12)
        alike = np.minimum(topics / lengths, 1.0)
        keys = self._corpus.keys[chosen]
        return Answers(keys, chosen, heads, passages, concepts, held, alike, self._weights)

    def _worth_of(self, slots: Places) -> tuple[Exact, Exact]:
        """What the concepts and the topics of each slot are worth to the query."""
        found = {sort: np.zeros(len(slots)) for sort in (CONCEPT, TOPIC)}
        bearing = self._corpus.bearing(slots, list(self._worth))
        for ((sort, _), worth), bears in zip(self._worth.items(), bearing, strict=True):
            found[sort] += worth * bears
        return found[CONCEPT], found[TOPIC]

    def score(self, answers: Answers, at: int) -> Score:
        """The score of one of them, with its reasons."""
        slot = int(answers.slots[at])
        concepts, topics = (
            self._corpus.items(slot, sort) if slot >= 0 else frozenset() for sort in (CONCEPT, TOPIC)
        )
        evidence = Evidence(
            float(answers.heads[at]),
            float(answers.passages[at]),
            [concept for concept in self._concepts if concept in concepts],
            topics=tuple(sorted(topics & self._topics.keys())),
            topics_alike=float(answers.topics[at]),
        )
        shares = float(answers.concepts[at]), float(answers.words[at])
        return search_score(evidence, shares, self._weights)


def _topics(query: Query, corpus: Corpus) -> dict[str, float]:
    """Which topics the query's concepts speak of: a vector of length 1, or nothing."""
    found: dict[str, float] = {}
    for concept, topic in zip(query.concepts, query.topics, strict=True):
        found[topic] = found.get(topic, 0.0) + corpus.basis.weights.of(concept)
    length = math.hypot(*found.values())
    return {topic: value / length for topic, value in found.items()} if length else {}
