"""The score of a pair: a sum of components, each kept, so that the explanation is the score."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kakehashi.matching.fields import Condition
from kakehashi.matching.index import Exact

RULES = 5  # to be raised whenever a score comes out otherwise: all pairs are then scored anew
# How much each kind of evidence can add (docs/adr/0008): the three great ones rarely come near their most.
TEXT, CONCEPTS, TOPICS = 0.52, 0.45, 0.32
WORD, WORDS_CAP = 0.01, 0.03
HEAD = 0.7  # share of title and summary in the text component; the rest is the best pair of passages
# Standard deviations at which texts count half, and how sharply that turns.
MIDDLE, STEEPNESS = 2.2, 1.5
FAIRLY = 0.45  # the score from which a match is called fairly close
# The same for a search: a few typed words say less than a record, so what they literally name counts more.
# A word or two that name no concept are most likely a name, of which an encoder knows nothing.
SEARCH = (0.42, 0.26, 0.20, 0.12)  # text, concepts, words, topics
SEARCH_WITHOUT_CONCEPT = (0.65, 0.0, 0.35, 0.0)
SEARCH_NAME = (0.30, 0.0, 0.70, 0.0)
NAME_WORDS = 2
NAMES = ("text", "concepts", "words", "topics", "conditions")


@dataclass(frozen=True)
class Component:
    """One row of the score; `value` is what it adds, `because` the ids that it rests on, strongest first."""

    name: str
    value: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """What ranks a pair, with everything that it rests on."""

    components: tuple[Component, ...]

    @property
    def total(self) -> float:
        return math.fsum(component.value for component in self.components)

    def hundredths(self) -> tuple[list[tuple[Component, int]], int]:
        """The rows and their sum in hundredths as shown: rounded so that the rows add up to the sum."""
        total = round(self.total * 100)
        floors = [math.floor(component.value * 100) for component in self.components]
        rests = [component.value * 100 - low for component, low in zip(self.components, floors, strict=True)]
        up = sorted(range(len(rests)), key=lambda i: -rests[i])[: max(total - sum(floors), 0)]
        return [(c, floors[i] + (i in up)) for i, c in enumerate(self.components)], total


@dataclass(frozen=True)
class Weights:
    """How telling a concept, word or topic is: 1 if a single record has it, near 0 if all have."""

    records: int
    carriers: Mapping[str, int]

    def of(self, item: str) -> float:
        return _telling(self.records, max(self.carriers.get(item, 1), 1))

    def length(self, items: Iterable[str]) -> float:
        """Of the vector that a record's concepts or topics make, each with its weight."""
        return math.sqrt(math.fsum(self.of(item) ** 2 for item in items))

    def alike(self, one: Collection[str], other: Collection[str]) -> float:
        """The cosine of two such vectors: 0 if nothing is shared, 1 if all."""
        return self.cosine(set(one) & set(other), self.length(one), self.length(other))

    def cosine(self, shared: Iterable[str], one: float, other: float) -> float:
        """The same where the lengths of both vectors are known already."""
        both = math.fsum(self.of(item) ** 2 for item in shared)
        return min(both / (one * other), 1.0) if one * other else 0.0


@lru_cache(maxsize=65_536)
def _telling(records: int, carriers: int) -> float:
    """In whole 2**-20ths: their squares add up without rounding, so to the same sum in whatever order."""
    told = math.log((records + 1) / carriers) / math.log(records + 1) if records > 1 else 1.0
    return round(told * 2**20) / 2**20


@dataclass(frozen=True)
class Evidence:
    """What is known of a pair before it is weighed: standardised similarities, and what both sides share.

    `concepts_alike` and `topics_alike`: cosines from 0 to 1 (`Weights.alike`).
    """

    head: float
    passage: float
    concepts: Collection[str] = ()
    words: Collection[str] = ()
    topics: Collection[str] = ()
    concepts_alike: float = 0.0
    topics_alike: float = 0.0


def score(evidence: Evidence, weights: Weights, conditions: Iterable[Condition] = ()) -> Score:
    """The score of a pair, about 0 to 1; `components` in the order of NAMES."""
    fields = tuple(conditions)
    return Score(
        (
            Component("text", TEXT * text_closeness(evidence.head, evidence.passage)),
            Component("concepts", CONCEPTS * evidence.concepts_alike, strongest(evidence.concepts, weights)),
            _shared("words", evidence.words, weights),
            Component("topics", TOPICS * evidence.topics_alike, strongest(evidence.topics, weights)),
            Component("conditions", whole(c.value for c in fields), tuple(c.name for c in fields if c.value)),
        )
    )


def search_score(
    evidence: Evidence,
    shares: tuple[float, float],
    weights: tuple[float, float, float, float] = SEARCH,
) -> Score:
    """The score of a record for a query of which it has the `shares` (0 to 1) of concepts and of words."""
    text, concepts, words, topics = weights
    return Score(
        (
            Component("text", text * text_closeness(evidence.head, evidence.passage)),
            Component("concepts", concepts * shares[0], tuple(evidence.concepts)),
            Component("words", words * shares[1], tuple(evidence.words)),
            Component("topics", topics * evidence.topics_alike, tuple(evidence.topics)),
        )
    )


def search_weights(words: int, concepts: int) -> tuple[float, float, float, float]:
    """What meaning, concepts, words and topics count for a query of so many words and concepts."""
    if concepts:
        return SEARCH
    return SEARCH_NAME if words <= NAME_WORDS else SEARCH_WITHOUT_CONCEPT


def text_closeness(head: float, passage: float) -> float:
    """0 to 1 from standard deviations above the similarity of unrelated texts; half at MIDDLE."""
    above = HEAD * head + (1 - HEAD) * passage
    return 1 / (1 + math.exp(-max(min((above - MIDDLE) / STEEPNESS, 50.0), -50.0)))


def text_closenesses(heads: Exact, passages: Exact) -> Exact:
    """The same of many, to the last bit: numpy's `exp` has others in its last place."""
    turned = -np.clip((HEAD * heads + (1 - HEAD) * passages - MIDDLE) / STEEPNESS, -50.0, 50.0)
    return 1 / (1 + np.fromiter(map(math.exp, turned.tolist()), np.float64, len(turned)))


def whole(values: Iterable[float]) -> float:
    """The sum of what conditions add, all of it in whole hundredths."""
    return round(math.fsum(values), 2) + 0.0  # never -0.0


def strongest(items: Collection[str], weights: Weights) -> tuple[str, ...]:
    """The most telling first."""
    return tuple(sorted(items, key=lambda item: (-weights.of(item), item)))


def _shared(name: str, items: Collection[str], weights: Weights) -> Component:
    """Each shared word adds what it tells; capped, so that many common ones never outweigh the text."""
    value = WORD * math.fsum(weights.of(item) for item in items)
    return Component(name, min(value, WORDS_CAP), strongest(items, weights))
