"""Search across languages: what the viewer may see first, then words, concepts and meaning together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from kakehashi.accounts.viewer import Viewer
from kakehashi.matching.centre import centred
from kakehashi.matching.corpus import CONCEPT, TOPIC, Corpus
from kakehashi.matching.encoder import Vectors, remembered, unit
from kakehashi.matching.queries.glossary import glossary, held
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.words import find
from kakehashi.matching.query import Query, concept_match, read
from kakehashi.matching.rank import Evidence, Score, search_score, search_weights
from kakehashi.records import queries as records
from kakehashi.records.models import Facet, Passage, Reading

CANDIDATES = 200  # nearest records by meaning that are looked at closely
NAMES = 0.7  # weight of the names of the query's concepts in the other languages, beside the query itself
FLOOR = 0.20  # below this a record does not answer the query
BESIDE = 0.42  # nor if it scores less than this share of the best
SURE = 0.75  # unless it holds more than this share of the words typed


@dataclass(frozen=True)
class Filters:
    """What the reader limits a search to; empty means all. Values are codes, `organisation` a record's id."""

    kind: str = ""
    side: str = ""
    topic: str = ""
    region: str = ""
    lang: str = ""
    organisation: str = ""
    clause: str = ""

    @property
    def any(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


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
    allowed = filtered(viewer, filters, now)
    if query.empty:
        rows = allowed.order_by("historical", "-sort_date", "pk")
        return Found([Hit(row) for row in rows[offset : offset + limit]], allowed.count(), query)
    scored = _scored(query, set(allowed.values_list("pk", flat=True)))
    rows_by_key = records.published(viewer, now).in_bulk([key for key, _ in scored])
    hits = [Hit(rows_by_key[key], score) for key, score in scored if key in rows_by_key]
    hits.sort(key=lambda hit: (hit.reading.historical, -_total(hit), hit.reading.pk))
    return Found(hits[offset : offset + limit], len(hits), query)


def filtered(viewer: Viewer, filters: Filters, now: datetime) -> QuerySet[Reading]:
    """What `viewer` may see, limited by the filters; a filter that makes no sense leaves nothing."""
    rows = records.published(viewer, now)
    for column in ("kind", "side", "lang"):
        if value := getattr(filters, column):
            rows = rows.filter(**{column: value})
    for facet in ("topic", "region", "organisation"):
        if value := getattr(filters, facet):
            rows = rows.filter(
                Exists(Facet.objects.filter(reading=OuterRef("pk"), facet=facet, value=_facet(value)))
            )
    if filters.clause:
        crossed = Passage.objects.filter(
            reading=OuterRef("pk"), clause=filters.clause, closed_at__isnull=True
        )
        rows = rows.filter(Exists(crossed.filter(open_until__gt=now)))
        if filters.kind != "organisation":  # organisations accompany what crosses under a clause
            rows = rows.exclude(kind="organisation")
    return rows


def _facet(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        return value


def _scored(query: Query, allowed: set[int]) -> list[tuple[int, Score]]:
    """The records among `allowed` (keys) that answer, best first."""
    weights = search_weights(len(query.terms), len(query.concepts))
    words = find([*map(concept_match, query.concepts), *(term.match for term in query.loose)], allowed)
    with MEMORY.corpus() as corpus:
        scores = _scores(corpus, query, allowed, words, weights)
        unread = allowed - corpus.slots.keys()
    if unread:  # not encoded yet: their words alone
        for key, share in find([term.match for term in query.terms], unread).items():
            scores[key] = search_score(Evidence(-9, -9), (0.0, share), weights)
    floor = max(FLOOR, BESIDE * max((score.total for score in scores.values()), default=0.0))
    good = [(key, score) for key, score in scores.items() if score.total >= floor or words.get(key, 0) > SURE]
    return sorted(good, key=lambda item: (-item[1].total, item[0]))


def _scores(
    corpus: Corpus,
    query: Query,
    allowed: set[int],
    words: dict[int, float],
    weights: tuple[float, float, float, float],
) -> dict[int, Score]:
    mask = corpus.mask(allowed)
    if not mask.any():
        return {}
    vector = query_vector(query, corpus)
    near = corpus.nearest(vector, mask, CANDIDATES)
    chosen = sorted(near | {corpus.slots[key] for key in words if key in corpus.slots})
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
    for concept in query.concepts:
        topic = held().concepts[concept].topic
        found[topic] = found.get(topic, 0.0) + corpus.basis.weights.of(concept)
    length = math.hypot(*found.values())
    return {topic: value / length for topic, value in found.items()} if length else {}


def _topics_alike(corpus: Corpus, slot: int, shared: Sequence[str], topics: dict[str, float]) -> float:
    """The cosine of a record's topics with the query's."""
    of = corpus.basis.weights.of
    said = math.fsum(of(topic) * topics[topic] for topic in shared)
    return min(said / float(corpus.lengths[slot, TOPIC]), 1.0) if said else 0.0


def query_vector(query: Query, corpus: Corpus) -> Vectors:
    """One centred vector [d]: names of the query's concepts in each language, its text if that says more."""
    others = [(lang, name) for lang, name in query.names.items() if query.covered or lang != query.lang]
    vectors = remembered().encode([query.text, *(name for _, name in others)])
    names = centred(vectors[1:], [lang for lang, _ in others], corpus.basis.means.terms).sum(
        axis=0, keepdims=True
    )
    if query.covered:
        return np.asarray(unit(names)[0], np.float32)
    means = corpus.basis.means
    text = centred(vectors[:1], [query.lang], means.terms if query.is_short else means.heads)
    return np.asarray(unit(text + NAMES * names)[0], np.float32)


def _total(hit: Hit) -> float:
    return hit.score.total if hit.score else 0.0
