"""Search across languages: what the viewer may see first, then words, concepts and meaning together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import EncoderError
from kakehashi.matching.answers import Parts, Weighing
from kakehashi.matching.centre import centred
from kakehashi.matching.corpus import CONCEPT, Corpus
from kakehashi.matching.encoder import Encoder, Vectors, remembered, unit
from kakehashi.matching.held import Held
from kakehashi.matching.index import Mask, Places
from kakehashi.matching.queries.glossary import glossary
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.serving import serving
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.matching.queries.words import Near, find, shared
from kakehashi.matching.query import Query, concept_match, read
from kakehashi.matching.rank import Score, search_weights
from kakehashi.matching.shelf import Filters
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.work.beside import beside

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
        page: list[tuple[int, Score | None]] = [(int(key), None) for key in newest[offset : offset + limit]]
        return Found(_hits(viewer, page, now), len(newest), query)
    total, ranked = _ranked(query, allowed, historical, slice(offset, offset + limit))
    return Found(_hits(viewer, ranked, now), total, query)


def _hits(
    viewer: Viewer, ranked: Sequence[tuple[int, Score | None]] | list[tuple[int, Score]], now: datetime
) -> list[Hit]:
    """The rows of one page; the tables themselves have the last word on what `viewer` may see."""
    rows = records.published_by_key(viewer, [key for key, _ in ranked], now)
    return [Hit(rows[key], score) for key, score in ranked if key in rows]


def _ranked(
    query: Query, allowed: Mask, historical: Mask, page: slice
) -> tuple[int, list[tuple[int, Score]]]:
    """How many of the records whose keys are allowed answer, and a page of them, the best first."""
    weights = search_weights(len(query.terms), len(query.concepts))
    matches = [*map(concept_match, query.concepts), *(term.match for term in query.loose)]
    encoder = serving()
    with MEMORY.corpus(encoder, patient=True) as corpus:
        slots = corpus.mask(allowed)
        with beside(lambda: _nearest(corpus, query, encoder, slots)) as nearest:
            postings = find(matches, allowed)
        vector, near = nearest.result()
        words = shared(matches, postings, allowed, _near(corpus, near, query))
        weighing = Weighing(corpus, query, weights)
        found = weighing.answers(vector, near, words)
        unread = corpus.slots.without(allowed)
        if unread.any():  # not encoded yet: their words alone
            typed = [term.match for term in query.terms]
            found = found.and_unread(shared(typed, find(typed, unread), unread))
        total = found.total
        chosen = (total >= max(FLOOR, BESIDE * total.max(initial=0.0))) | (found.words > SURE)
        found, total = found.where(chosen), total[chosen]
        order = np.lexsort((found.keys, -total, historical[found.keys]))
        return len(order), [(int(found.keys[at]), weighing.score(found, at)) for at in order[page].tolist()]


def _nearest(corpus: Corpus, query: Query, encoder: Encoder, slots: Mask) -> tuple[Vectors, Places]:
    """The query as a vector, and the slots that are nearest to it in meaning."""
    vector = np.zeros(corpus.dimension, np.float32)
    if slots.any():
        vector = query_vector(query, corpus, encoder)
    return vector, corpus.nearest(vector, slots, CANDIDATES)


def _near(corpus: Corpus, slots: Places, query: Query) -> Near:
    """Slots as records, and which of them name the concepts of a query."""
    keys = corpus.keys[slots]
    bearing = corpus.bearing(slots, [(CONCEPT, concept) for concept in query.concepts])
    naming = {concept_match(c): keys[bears] for c, bears in zip(query.concepts, bearing, strict=True)}
    return Near(keys, naming)


def scores(
    corpus: Corpus, query: Query, vector: Vectors, near: Places, words: Held, weights: Parts
) -> dict[int, Score]:
    """The scores of the slots `near` and of the keys that hold `words`, by their keys."""
    weighing = Weighing(corpus, query, weights)
    found = weighing.answers(vector, near, words)
    return {int(key): weighing.score(found, at) for at, key in enumerate(found.keys)}


def query_vector(query: Query, corpus: Corpus, encoder: Encoder) -> Vectors:
    """One centred vector [d]: names of the query's concepts in each language, its text if that says more.

    Zeros if the encoder fails: then words and concepts answer alone.
    """
    others = [(lang, name) for lang, name in query.names.items() if query.covered or lang != query.lang]
    written = [] if query.covered else [query.text]
    try:
        vectors = remembered(encoder).encode([*(name for _, name in others), *written])
    except EncoderError:
        return np.zeros(corpus.dimension, np.float32)
    means = corpus.basis.means
    names = centred(vectors[: len(others)], [lang for lang, _ in others], means.terms)
    names = names.sum(axis=0, keepdims=True)
    if query.covered:
        return np.asarray(unit(names)[0], np.float32)
    text = centred(vectors[-1:], [query.lang], means.terms if query.is_short else means.heads)
    return np.asarray(unit(text + NAMES * names)[0], np.float32)
