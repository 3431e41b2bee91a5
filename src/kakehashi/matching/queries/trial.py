"""Ranks judged documents by what search and matching themselves do, in memory: `kakehashi evaluate`.

The filters of language and side are off. A query that is a record is scored as matching scores a pair; a
question as search scores an answer. An offer or a request ranks first what it may meet, then all else.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kakehashi.matching import basis, texts
from kakehashi.matching.basis import Basis, Entry
from kakehashi.matching.centre import Centres
from kakehashi.matching.content import content
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.encoder import Encoder
from kakehashi.matching.fields import PARTNERS, Facts
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.held import Held, rarity, shares
from kakehashi.matching.index import Exact
from kakehashi.matching.judged import Judged, Text
from kakehashi.matching.pair import related
from kakehashi.matching.queries.search import query_vector, scores
from kakehashi.matching.query import Query, concept_match, concept_token, read
from kakehashi.matching.rank import Score, search_weights
from kakehashi.records.kinds import FIELDS
from kakehashi.text.tokens import indexed

AHEAD = 10.0  # what an offer or a request gains on all that it may not meet
MEETING = ("offer", "request")
NEVER = -1e9
Weigh = Callable[[Score], float]


@dataclass(frozen=True)
class Trial:
    """A folder of judged texts as a node would hold them; `words` are the tokens of each document."""

    judged: Judged
    glossary: Glossary
    entries: list[Entry]
    words: list[tuple[str, str, str]]
    basis: Basis
    encoder: Encoder


def prepare(judged: Judged, encoder: Encoder, glossary: Glossary, terms: Centres) -> Trial:
    """Encode all texts; queries that are records count among the records. `terms`: means of short terms."""
    records = [*judged.docs, *(query for query in judged.queries if query.kind in FIELDS)]
    entries = [_entry(key, text, encoder, glossary) for key, text in enumerate(records, 1)]
    ordered = sorted(entries, key=lambda entry: entry.place)[: basis.SAMPLE]
    made = basis.settle("trial", ordered, terms, encoder.dimension)
    return Trial(judged, glossary, entries, [_words(doc, glossary) for doc in judged.docs], made, encoder)


def _body(text: Text) -> dict[str, Any]:
    """A record's body; what has no title (a name) is headed by its text."""
    said = {
        field: {text.lang: {"text": value, "origin": "original"}}
        for field, value in (("title", text.title), ("summary", text.summary), ("body", text.body))
        if value
    }
    said.setdefault("summary" if text.title else "title", said.get("body", {}))
    names = {"names": {text.lang: text.title}} if text.kind == "organisation" else {}
    return {"kind": text.kind, "lang": text.lang, "topics": list(text.topics), **said, **names}


def _entry(key: int, text: Text, encoder: Encoder, glossary: Glossary) -> Entry:
    body = _body(text)
    parts, said = texts.parts(body), content(body, glossary)
    rows = encoder.encode([*parts.heads.values(), *(passage.text for passage in parts.passages)])
    return Entry(
        key=key,
        place=basis.place_of("trial", f"{key} {text.id}"),
        own=True,
        facts=Facts(text.kind, text.side, topics=text.topics),
        heads=dict(zip(parts.heads, rows, strict=False)),
        passages=rows[len(parts.heads) :],
        passage_langs=tuple(passage.lang for passage in parts.passages),
        concepts=said.concepts,
        words=said.words,
    )


def _words(doc: Text, glossary: Glossary) -> tuple[str, str, str]:
    """What the full-text table would hold."""
    body = _body(doc)
    title, text = texts.title_words(body), texts.text_words(body)
    concepts = content(body, glossary).concepts
    return (
        indexed(title, glossary.compounds),
        indexed(text, glossary.compounds),
        " ".join(map(concept_token, concepts)),
    )


def ranked(trial: Trial, *, weigh: Weigh = lambda score: score.total, by: Basis | None = None) -> Exact:
    """Scores [queries, docs] as the node gives them; `weigh` may leave parts of a score out.

    `by`: another basis than the texts' own, such as one without means.
    """
    corpus = Corpus(trial.encoder.dimension, by or trial.basis)
    corpus.put(trial.entries)
    if by is not None and not by.heads:
        corpus.standardise_nothing()
    docs = len(trial.judged.docs)
    found = np.full((len(trial.judged.queries), docs), NEVER)
    key = docs
    for row, query in enumerate(trial.judged.queries):
        if query.kind in FIELDS:
            key += 1
            found[row] = _record(trial, corpus, query, key, weigh)
        else:
            found[row] = _question(trial, corpus, query, weigh)
    return found


def _record(trial: Trial, corpus: Corpus, query: Text, key: int, weigh: Weigh) -> Exact:
    docs = trial.judged.docs
    slots = [corpus.slots[other] for other in range(1, len(docs) + 1)]
    found = np.full(len(docs), NEVER)
    for pair in related(corpus, key, slots, floor=-math.inf, most=len(docs)):
        doc = docs[pair.other - 1]
        meets = query.kind in MEETING and {query.kind, doc.kind} in PARTNERS
        found[pair.other - 1] = weigh(pair.score) + AHEAD * meets
    return found


def _question(trial: Trial, corpus: Corpus, asked: Text, weigh: Weigh) -> Exact:
    query = read(" ".join((asked.title, asked.summary, asked.body)), asked.lang, trial.glossary)
    keys = range(1, len(trial.judged.docs) + 1)
    slots = np.array([corpus.slots[key] for key in keys], np.int64)
    weights = search_weights(len(query.terms), len(query.concepts))
    vector = query_vector(query, corpus, trial.encoder)
    said = scores(corpus, query, vector, slots, _shares(trial, query), weights)
    return np.array([weigh(said[key]) for key in keys])


def _shares(trial: Trial, query: Query) -> Held:
    """Which share of a query's expressions each document holds, telling ones counting more."""
    matches = [*map(concept_match, query.concepts), *(term.match for term in query.loose)]
    rows = [(key, *tokens) for key, tokens in enumerate(trial.words, 1)]
    postings = [match.held(rows) for match in matches]
    return shares(postings, [rarity(len(posting.keys), len(rows)) for posting in postings])


def without_centring(made: Basis) -> Basis:
    """The basis as it would be if no mean were taken off."""
    return replace(made, means=basis.Means(), heads={}, passages={})


def without_standards(made: Basis) -> Basis:
    """The basis as it would be if similarities counted the same for all pairs of languages."""
    return replace(made, heads={}, passages={})
