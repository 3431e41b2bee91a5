"""Search across languages: what the viewer may see first, then words, concepts and meaning together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import EncoderError
from kakehashi.matching.centre import centred
from kakehashi.matching.corpus import CONCEPT, TOPIC, Corpus
from kakehashi.matching.encoder import Vectors, remembered, unit
from kakehashi.matching.index import Mask, Places
from kakehashi.matching.queries.glossary import glossary
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.matching.queries.words import find
from kakehashi.matching.query import Query, concept_match, read
from kakehashi.matching.rank import Evidence, Score, search_score, search_weights
from kakehashi.matching.shelf import Filters
from kakehashi.records import queries as records
from kakehashi.records.models import Reading

CANDIDATES = 200  # nearest records by meaning that are looked at closely
NAMES = 0.7  # weight of the names of the query's concepts in the other languages, beside the query itself
FLOOR = 0.20  # below this a record does not answer the query
BESIDE = 0.42  # nor if it scores less than this share of the best
SURE = 0.75  # unless it holds more than this share of the words typed


@dataclass(frozen=True)
class Hit:
    """A record that answers; `score` is None where nothing was typed and the newest come first."""

    reading: Reading
    score: Score | None = None


@dataclass(frozen=True)
class Found:
    """One page of answers and how many there are; `query` is what was understood."""

    hits: list[Hit]
    total: int
    query: Query


def search(
    viewer: Viewer,
    text: str,
    filters: Filters,
    now: datetime,
    *,
    reader_lang: str = "en",
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """Records that `viewer` may see and that answer `text`, best first, historical ones after all others.

    Without text: all that the filters leave, newest first.
    """
    query = read(text, reader_lang, glossary())
    with SHELVES.shelf() as shelf:
        allowed, historical = shelf.mask(viewer, filters, now), shelf.historical.rows.copy()
        newest = shelf.newest(allowed) if query.empty else None
    if newest is not None:
        ranked: list[tuple[int, Score | None]] = [(int(key), None) for key in newest[offset : offset + limit]]
        return Found(_hits(viewer, ranked, now), len(newest), query)
    scored = sorted(_scored(query, allowed), key=lambda item: (historical[item[0]], -item[1].total, item[0]))
    return Found(_hits(viewer, scored[offset : offset + limit], now), len(scored), query)


def _hits(viewer: Viewer, ranked: Sequence[tuple[int, Score | None]], now: datetime) -> list[Hit]:
    """The rows of one page; the tables themselves have the last word on what `viewer` may see."""
    rows = records.published(viewer, now).in_bulk([key for key, _ in ranked])
    return [Hit(rows[key], score) for key, score in ranked if key in rows]


def _scored(query: Query, allowed: Mask) -> list[tuple[int, Score]]:
    """The records whose keys are allowed and that answer."""
    weights = search_weights(len(query.terms), len(query.concepts))
    matches = [*map(concept_match, query.concepts), *(term.match for term in query.loose)]
    with MEMORY.corpus() as corpus:
        slots = corpus.mask(allowed)
        vector = query_vector(query, corpus) if slots.any() else np.zeros(corpus.dimension, np.float32)
        near = corpus.nearest(vector, slots, CANDIDATES)
        words = find(matches, allowed, corpus.keys[near])
        found = scores(corpus, query, vector, near, words, weights)
        unread = allowed & ~corpus.slots.held(len(allowed))
    if unread.any():  # not encoded yet: their words alone
        for key, share in find([term.match for term in query.terms], unread).items():
            found[key] = search_score(Evidence(-9, -9), (0.0, share), weights)
    floor = max(FLOOR, BESIDE * max((score.total for score in found.values()), default=0.0))
    return [(key, score) for key, score in found.items() if score.total >= floor or words.get(key, 0) > SURE]


def scores(
    corpus: Corpus,
    query: Query,
    vector: Vectors,
    near: Places,
    words: dict[int, float],
    weights: tuple[float, float, float, float],
) -> dict[int, Score]:
    """The scores of the slots `near` and of the keys that hold `words`, by their keys."""
    chosen = sorted({*near.tolist(), *(corpus.slots[key] for key in words if key in corpus.slots)})
    if not chosen:
        return {}
    heads, passages = corpus.similarities(vector, chosen)
    topics = _topics(query, corpus)
    found = {}
    for slot, head, passage in zip(chosen, heads, passages, strict=True):
        key, concepts = corpus.key(slot), corpus.items(slot, CONCEPT) if query.concepts else ()
        shared = [concept for concept in query.concepts if concept in concepts]
        own = corpus.items(slot, TOPIC) if topics else frozenset()
        meant = tuple(sorted(own & topics.keys()))
        alike = _topics_alike(corpus, slot, meant, topics)
        evidence = Evidence(float(head), float(passage), shared, topics=meant, topics_alike=alike)
        share = _share(corpus, shared, query.concepts)
        found[key] = search_score(evidence, (share, words.get(key, 0.0)), weights)
    return found


def _share(corpus: Corpus, shared: Sequence[str], wanted: Sequence[str]) -> float:
    """How much of what the query names the record names too, telling concepts counting more."""
    of = corpus.basis.weights.of
    whole = sum(0.2 + of(concept) for concept in wanted)
    return sum(0.2 + of(concept) for concept in shared) / whole if whole else 0.0


def _topics(query: Query, corpus: Corpus) -> dict[str, float]:
    """Which topics the query's concepts speak of: a vector of length 1, or nothing."""
    found: dict[str, float] = {}
    for concept, topic in zip(query.concepts, query.topics, strict=True):
        found[topic] = found.get(topic, 0.0) + corpus.basis.weights.of(concept)
    length = math.hypot(*found.values())
    return {topic: value / length for topic, value in found.items()} if length else {}


def _topics_alike(corpus: Corpus, slot: int, shared: Sequence[str], topics: dict[str, float]) -> float:
    """The cosine of a record's topics with the query's."""
    of = corpus.basis.weights.of
    said = math.fsum(of(topic) * topics[topic] for topic in shared)
    return min(said / float(corpus.lengths[slot, TOPIC]), 1.0) if said else 0.0


def query_vector(query: Query, corpus: Corpus) -> Vectors:
    """One centred vector [d]: names of the query's concepts in each language, its text if that says more.

    Zeros if the encoder fails: then words and concepts answer alone.
    """
    others = [(lang, name) for lang, name in query.names.items() if query.covered or lang != query.lang]
    try:
        vectors = remembered().encode([query.text, *(name for _, name in others)])
    except EncoderError:
        return np.zeros(corpus.dimension, np.float32)
    names = centred(vectors[1:], [lang for lang, _ in others], corpus.basis.means.terms).sum(
        axis=0, keepdims=True
    )
    if query.covered:
        return np.asarray(unit(names)[0], np.float32)
    means = corpus.basis.means
    text = centred(vectors[:1], [query.lang], means.terms if query.is_short else means.heads)
    return np.asarray(unit(text + NAMES * names)[0], np.float32)
