"""Rankings to compare with: words alone, translated by the glossary, encoders alone, fused by their places.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; Cormack, Clarke and
Büttcher 2009, "Reciprocal Rank Fusion"; Conneau et al. 2018, "Word Translation Without Parallel Data" (CSLS).
Nothing of this is used by the node.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from kakehashi.matching.centre import centred, centres
from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.encoder import Encoder
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.index import Exact
from kakehashi.matching.judged import Judged, Text
from kakehashi.text.tokens import tokens

SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25
FUSED_FROM = 60  # of reciprocal rank fusion


def head(text: Text) -> str:
    return ". ".join(filter(None, (text.title, text.summary)))


def whole(text: Text) -> str:
    return "\n".join(filter(None, (text.title, text.summary, text.body)))


def bm25(judged: Judged, glossary: Glossary, *, translated: bool) -> Exact:
    """Scores [queries, docs]; `translated`: with the names of a query's concepts in the other languages."""
    docs = [Counter(tokens(whole(doc), glossary.compounds)) for doc in judged.docs]
    having = Counter(word for doc in docs for word in doc)
    sizes = np.array([doc.total() for doc in docs], np.float64)
    usual = {lang: _mean(sizes, judged.docs, lang) for lang in LANGUAGES}
    norms = [
        SATURATION * (1 - LENGTH + LENGTH * size / usual[doc.lang])
        for size, doc in zip(sizes, judged.docs, strict=True)
    ]
    found = np.zeros((len(judged.queries), len(docs)))
    for row, query in enumerate(judged.queries):
        for word in dict.fromkeys(_asked(query, glossary, translated)):
            rarity = math.log(1 + (len(docs) - having[word] + 0.5) / (having[word] + 0.5))
            for column, doc in enumerate(docs):
                if times := doc.get(word, 0):
                    found[row, column] += rarity * times * (SATURATION + 1) / (times + norms[column])
    return found


def _asked(query: Text, glossary: Glossary, translated: bool) -> list[str]:
    words = tokens(whole(query), glossary.compounds)
    for concept in glossary.named(whole(query)) if translated else []:
        for lang in LANGUAGES:
            words += tokens(glossary.concepts[concept].names[lang], glossary.compounds)
    return words


def _mean(sizes: Exact, docs: Sequence[Text], lang: str) -> float:
    return float(np.mean([size for size, doc in zip(sizes, docs, strict=True) if doc.lang == lang] or [1.0]))


def cosines(judged: Judged, encoder: Encoder) -> tuple[Exact, Exact]:
    """Cosines [queries, docs] of titles and summaries: raw, and less the mean of the documents' language."""
    queries = encoder.encode([head(text) or text.body for text in judged.queries])
    docs = encoder.encode([head(text) or text.body for text in judged.docs])
    langs = [doc.lang for doc in judged.docs]
    means = centres(docs, langs)
    near = centred(queries, [q.lang for q in judged.queries], means) @ centred(docs, langs, means).T
    return np.asarray(queries @ docs.T, np.float64), np.asarray(near, np.float64)


def fused(*scores: Exact) -> Exact:
    """Reciprocal rank fusion."""
    places = [(-score).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") for score in scores]
    return np.asarray(sum(1 / (FUSED_FROM + 1 + place) for place in places), np.float64)


def csls(near: Exact, neighbours: int) -> Exact:
    """Twice the similarities less the mean of each row's and each column's `neighbours` highest.

    Who is near to all loses. What is taken off comes from the texts that are compared, all of them.
    """
    return np.asarray(2 * near - _closest(near, neighbours, 1) - _closest(near, neighbours, 0), np.float64)


def _closest(near: Exact, neighbours: int, axis: int) -> Exact:
    """The mean of the highest along an axis, of all if there are no more."""
    count = min(neighbours, near.shape[axis])
    highest = -np.partition(-near, count - 1, axis=axis)
    return np.asarray(highest.take(range(count), axis=axis).mean(axis=axis, keepdims=True), np.float64)
