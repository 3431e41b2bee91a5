"""The figures of a trial: rankings against grades, over all, by pairs of languages, and the share of hits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.index import Exact
from kakehashi.matching.judged import Judged, Text
from kakehashi.matching.measures import CUT, GOOD, Interval, interval, ndcg, recall, reciprocal

Grades = Mapping[str, int]
Answer = tuple[Sequence[str], Grades]  # ids, best first, and the grades


@dataclass(frozen=True)
class Measures:
    """Of some queries."""

    ndcg: Interval
    recall: Interval
    reciprocal: Interval


@dataclass(frozen=True)
class Figures:
    """Of one way to rank. Between languages: among the documents of each language by themselves, so that all
    pairs of languages have the same number of documents to choose from; `same` and `cross` are all such pairs
    together. `hits` and `relevant`: which share of the first ten, and of what is relevant, is in the language
    of the query.
    """

    all: Measures
    by_language: dict[str, Measures]
    pairs: dict[str, Measures]
    same: Measures
    cross: Measures
    hits: float
    relevant: float


def figures(judged: Judged, scores: Exact) -> Figures:
    """The figures of scores [queries, docs]; queries without relevant documents do not count."""
    asked = [(q, _order(judged, q, row)) for q, row in zip(judged.queries, scores, strict=True)]
    asked = [(q, order) for q, order in asked if _relevant(judged.grades.get(q.id, {}))]
    answers = {q.id: ([doc.id for doc in order], judged.grades[q.id]) for q, order in asked}
    pairs = {(a, b): _among(judged, asked, a, b) for a in LANGUAGES for b in LANGUAGES}
    return Figures(
        all=_measures(answers.values()),
        by_language={
            lang: _measures(answers[q.id] for q, _ in asked if q.lang == lang) for lang in LANGUAGES
        },
        pairs={f"{a}-{b}": _measures(found) for (a, b), found in pairs.items()},
        same=_measures(answer for (a, b), found in pairs.items() for answer in found if a == b),
        cross=_measures(answer for (a, b), found in pairs.items() for answer in found if a != b),
        hits=_mean([doc.lang == q.lang for q, order in asked for doc in order[:CUT]]),
        relevant=_mean(
            [doc.lang == q.lang for q, order in asked for doc in order if judged.grades[q.id].get(doc.id)]
        ),
    )


def _measures(answers: Iterable[Answer]) -> Measures:
    said = list(answers)
    return Measures(*(interval([of(*answer) for answer in said]) for of in (ndcg, recall, reciprocal)))


def _order(judged: Judged, query: Text, row: Exact) -> list[Text]:
    """Best first; a document that is the query itself is left out."""
    places = np.argsort(-row, kind="stable")
    return [judged.docs[place] for place in places if judged.docs[place].id != query.id]


def _relevant(grades: Grades) -> bool:
    return any(grade >= GOOD for grade in grades.values())


def _among(judged: Judged, asked: Sequence[tuple[Text, list[Text]]], one: str, other: str) -> list[Answer]:
    """What queries in one language find among the documents of another, where any of these are relevant."""
    found: list[Answer] = []
    for query, order in asked:
        if query.lang != one:
            continue
        ids = [doc.id for doc in order if doc.lang == other]
        grades = {doc: grade for doc, grade in judged.grades[query.id].items() if doc in set(ids)}
        if _relevant(grades):
            found.append((ids, grades))
    return found


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else 0.0
