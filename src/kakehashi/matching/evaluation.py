"""The figures of a trial: rankings against grades, over all, by pairs of languages, and the share of hits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.index import Exact
from kakehashi.matching.judged import Judged, Text
from kakehashi.matching.measures import CUT, GOOD, Interval, interval, ndcg, recall, reciprocal

Grades = Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """Of one way to rank. Between languages: nDCG@10 among the documents of each language by themselves, so
    that all pairs of languages have the same number of documents to choose from; `same` and `cross` are their
    means. `hits` and `relevant`: which share of the first ten, and of what is relevant, is in the language of
    the query.
    """

    ndcg: Interval
    recall: Interval
    reciprocal: Interval
    by_language: dict[str, Interval]
    pairs: dict[str, Interval]
    same: Interval
    cross: Interval
    hits: float
    relevant: float


def figures(judged: Judged, scores: Exact) -> Figures:
    """The figures of scores [queries, docs]; queries without relevant documents do not count."""
    asked = [(q, _order(judged, q, row)) for q, row in zip(judged.queries, scores, strict=True)]
    asked = [(q, order) for q, order in asked if _relevant(judged.grades.get(q.id, {}))]
    values = [(q, ndcg([doc.id for doc in order], judged.grades[q.id])) for q, order in asked]
    pairs = {f"{a}-{b}": _among(judged, asked, a, b) for a in LANGUAGES for b in LANGUAGES}
    ids = [([doc.id for doc in order], judged.grades[q.id]) for q, order in asked]
    return Figures(
        ndcg=interval([value for _, value in values]),
        recall=interval([recall(order, grades) for order, grades in ids]),
        reciprocal=interval([reciprocal(order, grades) for order, grades in ids]),
        by_language={lang: interval([value for q, value in values if q.lang == lang]) for lang in LANGUAGES},
        pairs={name: interval(found) for name, found in pairs.items()},
        same=interval([v for name, found in pairs.items() for v in found if name[:2] == name[-2:]]),
        cross=interval([v for name, found in pairs.items() for v in found if name[:2] != name[-2:]]),
        hits=_mean([doc.lang == q.lang for q, order in asked for doc in order[:CUT]]),
        relevant=_mean(
            [doc.lang == q.lang for q, order in asked for doc in order if judged.grades[q.id].get(doc.id)]
        ),
    )


def _order(judged: Judged, query: Text, row: Exact) -> list[Text]:
    """Best first; a document that is the query itself is left out."""
    places = np.argsort(-row, kind="stable")
    return [judged.docs[place] for place in places if judged.docs[place].id != query.id]


def _relevant(grades: Grades) -> bool:
    return any(grade >= GOOD for grade in grades.values())


def _among(judged: Judged, asked: Sequence[tuple[Text, list[Text]]], one: str, other: str) -> list[float]:
    """nDCG of queries in one language among the documents of another, where any of these are relevant."""
    found = []
    for query, order in asked:
        if query.lang != one:
            continue
        ids = [doc.id for doc in order if doc.lang == other]
        grades = {doc: grade for doc, grade in judged.grades[query.id].items() if doc in set(ids)}
        if _relevant(grades):
            found.append(ndcg(ids, grades))
    return found


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else 0.0
