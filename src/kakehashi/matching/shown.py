"""What of two records is laid side by side on the page of a match, with the phrases that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.matching import texts
from kakehashi.matching.align import Link
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.phrases import Phrase, phrases
from kakehashi.text.fold import clean

PASSAGES = 3  # passages of running text that are shown of a record


@dataclass(frozen=True)
class Block:
    """One shown piece of an original wording."""

    field: str
    text: str


def blocks(body: dict[str, Any], chosen: Sequence[int]) -> list[Block]:
    """Title, summary and the chosen passages (numbers in `texts.parts`), all in the record's own language."""
    heads = [(field, *texts.original(body, field)) for field in ("title", "summary")]
    if body["kind"] == "organisation":
        heads[0] = (
            "title",
            body["names"].get(body["lang"]) or next(iter(body["names"].values())),
            body["lang"],
        )
    cut = texts.parts(body).passages
    passages = [(cut[i].field, cut[i].text, cut[i].lang) for i in sorted(chosen) if i < len(cut)]
    return [Block(f, clean(text)) for f, text, lang in [*heads, *passages] if text and lang == body["lang"]]


def nearest_passages(one: Vectors, other: Vectors) -> tuple[list[int], list[int]]:
    """The passages of each side nearest to one of the other's: at most PASSAGES, else the first."""
    if not len(one) or not len(other):
        return list(range(min(len(one), 1))), list(range(min(len(other), 1)))
    near = one @ other.T
    return _top(near.max(axis=1)), _top(near.max(axis=0))


def _top(values: Vectors) -> list[int]:
    return sorted((-values).argsort(kind="stable")[:PASSAGES].tolist())


def phrases_of(shown: Sequence[Block], lang: str, glossary: Glossary) -> list[tuple[int, Phrase]]:
    """All phrases with the number of their block."""
    return [(n, phrase) for n, block in enumerate(shown) for phrase in phrases(block.text, lang, glossary)]


def marked(
    shown: Sequence[Block], found: Sequence[tuple[int, Phrase]], numbered: dict[int, int]
) -> list[dict[str, Any]]:
    """The blocks as JSON; `numbered` gives the link number of a phrase's place in `found`."""
    marks: list[list[list[int]]] = [[] for _ in shown]
    for place, (block, phrase) in enumerate(found):
        if place in numbered:
            marks[block].append([phrase.start, phrase.end, numbered[place]])
    return [{"field": b.field, "text": b.text, "marks": m} for b, m in zip(shown, marks, strict=True)]


def linked(links: Sequence[Link], one: Sequence[Phrase], other: Sequence[Phrase]) -> list[dict[str, Any]]:
    """The links as JSON, numbered from 1."""
    return [
        {
            "number": number,
            "one": one[link.one].text,
            "other": other[link.other].text,
            "closeness": round(link.closeness, 2),
            "concept": link.concept,
        }
        for number, link in enumerate(links, 1)
    ]
