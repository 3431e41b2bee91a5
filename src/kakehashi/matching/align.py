"""Finds which phrase of one text says the same as which phrase of another, across languages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kakehashi.matching.centre import Centres, centred
from kakehashi.matching.encoder import Encoder, Vectors
from kakehashi.matching.phrases import Phrase

SAME_CONCEPT = 0.5  # added where the glossary says that two phrases name one concept
# Cosine of centred vectors below which phrases are not shown as partners (bench/judged/SPANS.md).
NEAR_ENOUGH = 0.7
MOST = 8


@dataclass(frozen=True)
class Link:
    """Phrase `one` of the first text and phrase `other` of the second (their places in the lists)."""

    one: int
    other: int
    closeness: float
    concept: str = ""


def align(
    one: Sequence[Phrase],
    other: Sequence[Phrase],
    langs: tuple[str, str],
    encoder: Encoder,
    terms: Centres,
) -> list[Link]:
    """The best one-to-one links, at most MOST, in the order of the first text.

    `terms` are the means of short terms per language. Equal phrases and phrases of one concept go before
    merely near ones.
    """
    if not one or not other:
        return []
    vectors = encoder.encode([phrase.text for phrase in [*one, *other]])
    rows = centred(vectors, [langs[0]] * len(one) + [langs[1]] * len(other), terms)
    near = rows[: len(one)] @ rows[len(one) :].T
    same = np.array([[bool(a.concept) and a.concept == b.concept for b in other] for a in one])
    value = np.where(near < NEAR_ENOUGH, 0.0, near)
    value[same] = SAME_CONCEPT + np.maximum(near[same], 0.0)
    links = [
        Link(i, j, float(np.clip(near[i, j], 0.0, 1.0)), one[i].concept if same[i, j] else "")
        for i, j in one_to_one(value)
        if value[i, j] > 0
    ]
    return sorted(_best(links, one), key=lambda link: link.one)


def one_to_one(value: Vectors) -> list[tuple[int, int]]:
    """Rows and columns, each at most once, whose values [n, m] add up to the most: the Hungarian method."""
    from scipy.optimize import linear_sum_assignment  # 30 MB and a third of a second: only when needed

    rows, columns = linear_sum_assignment(value, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _best(links: list[Link], one: Sequence[Phrase]) -> list[Link]:
    """The strongest links; a phrase that stands in a text several times is linked once."""
    chosen: dict[str, Link] = {}
    for link in sorted(links, key=lambda link: -(link.closeness + SAME_CONCEPT * bool(link.concept))):
        chosen.setdefault(link.concept or one[link.one].text.casefold(), link)
    return list(chosen.values())[:MOST]
