"""Takes the language out of vectors: what all texts of a language share says nothing about their subject.

Without it most of the nearest neighbours are in the query's own language. The mean of each language is
taken off (centring); for scores, similarities are standardised per pair of languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.encoder import Vectors, unit

CALM = 5  # texts of zero weight in each mean, so that the mean of very few texts does not eat them


@dataclass(frozen=True)
class Centres:
    """The mean vector of each language and how many texts it was made from."""

    means: dict[str, Vectors] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def centres(rows: Vectors, langs: Sequence[str]) -> Centres:
    """Means of `rows` [n, d] per language of `langs` [n]; rows of zeros do not count."""
    tags = np.asarray(langs)
    told = np.linalg.norm(rows, axis=1) > 0
    means, counts = {}, {}
    for lang in sorted(set(langs)):
        chosen = rows[(tags == lang) & told].astype(np.float64)
        counts[lang] = len(chosen)
        means[lang] = np.asarray(chosen.sum(axis=0) / (len(chosen) + CALM), np.float32)
    return Centres(means, counts)


def centred(rows: Vectors, langs: Sequence[str], by: Centres) -> Vectors:
    """Rows less the mean of their language, of length 1 again; a language without a mean is left as it is."""
    rows = rows.astype(np.float32, copy=False)
    numbers = {lang: number for number, lang in enumerate(by.means, 1)}
    wanted = np.fromiter((numbers.get(lang, 0) for lang in langs), np.int64, len(rows))
    wanted[np.einsum("ij,ij->i", rows, rows) == 0] = 0
    means = np.stack([np.zeros(rows.shape[1], np.float32), *by.means.values()])
    return unit(rows - means[wanted])


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of the similarities of texts that have nothing to do with each other."""

    mean: float = 0.0
    deviation: float = 0.1

    def standardise(self, similarity: float) -> float:
        """How many standard deviations a similarity stands out."""
        return (similarity - self.mean) / self.deviation


def spread(similarities: NDArray[np.float64]) -> Spread:
    """The spread of many similarities, by quantiles, so that true pairs hardly count."""
    told = similarities[similarities < 0.999]  # not a text with itself
    if told.size < 30:
        return Spread()
    low, middle, high = np.quantile(told, (0.1587, 0.5, 0.8413))
    return Spread(float(middle), max(float(high - low) / 2, 0.02))
