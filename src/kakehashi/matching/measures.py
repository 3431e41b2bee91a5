"""How good rankings are against judged grades: nDCG, recall, reciprocal rank, and how sure the means are.

Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", with gains of 2^grade - 1;
Efron 1979, the bootstrap.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

CUT = 10
RESAMPLES = 2_000
GOOD = 1  # the grade from which a document counts as relevant for recall and reciprocal rank


@dataclass(frozen=True)
class Interval:
    """A mean with the bounds between which 95 % of the resampled means lie; `of` values."""

    mean: float
    low: float
    high: float
    of: int


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], cut: int = CUT) -> float:
    """Between 0 and 1; 1 if the best documents come first. 0 without relevant documents."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:cut])
    return _gain([grades.get(doc, 0) for doc in ranking[:cut]]) / ideal if ideal else 0.0


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(ranking: Sequence[str], grades: Mapping[str, int], cut: int = CUT) -> float:
    """Which share of the relevant documents, or of `cut` of them if there are more, is among the first."""
    relevant = {doc for doc, grade in grades.items() if grade >= GOOD}
    return len(relevant & set(ranking[:cut])) / min(len(relevant), cut) if relevant else 0.0


def reciprocal(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 over the place of the first relevant document; 0 if there is none."""
    found = (place for place, doc in enumerate(ranking, 1) if grades.get(doc, 0) >= GOOD)
    return 1 / next(found, math.inf)


def interval(values: Sequence[float]) -> Interval:
    """The mean of values and where it may lie, by resampling (the same draws every time)."""
    if not values:
        return Interval(math.nan, math.nan, math.nan, 0)
    given = np.asarray(values, np.float64)
    draws = np.random.default_rng(0).integers(0, len(given), (RESAMPLES, len(given)))
    low, high = np.quantile(given[draws].mean(axis=1), (0.025, 0.975))
    return Interval(float(given.mean()), float(low), float(high), len(given))
