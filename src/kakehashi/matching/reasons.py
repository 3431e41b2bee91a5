"""From the stored parts of a match to what its page shows: rows that add up, marked texts, links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.matching.glossary import Glossary
from kakehashi.matching.rank import Component, Score


@dataclass(frozen=True)
class Row:
    """One row of the score in hundredths; `because` are ids."""

    name: str
    hundredths: int
    because: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of a shown text; `number` of its link, 0 for none."""

    text: str
    number: int = 0


@dataclass(frozen=True)
class Link:
    """Two phrases, one on each side, and the concept behind them if the glossary knows one.

    `left` and `right` are what stands at the feet of the arch: the concept's names, else the phrases.
    `named` is false where the concept's name is another than the phrase. `counts` is true if the score rests
    on the concept; otherwise the link only explains.
    """

    number: int
    left: str
    right: str
    left_phrase: str
    right_phrase: str
    concept: str
    closeness: int
    counts: bool


def rows(components: Sequence[dict[str, Any]], conditions: Sequence[dict[str, Any]]) -> tuple[list[Row], int]:
    """The rows of a score with the conditions one by one, and the sum, in hundredths; they add up."""
    parts = [
        Component(c["name"], c["value"], tuple(c["because"])) for c in components if c["name"] != "conditions"
    ]
    parts += [Component(c["name"], c["value"]) for c in conditions if c["value"]]
    shown, total = Score(tuple(parts)).hundredths()
    return [
        Row(part.name, value, part.because) for part, value in shown if value or part.name == "text"
    ], total


def pieces(block: dict[str, Any]) -> list[Piece]:
    """A block of an alignment cut at its marks."""
    text, at, cut = block["text"], 0, []
    for start, end, number in sorted(block["marks"]):
        if start >= at:
            cut += [Piece(text[at:start]), Piece(text[start:end], number)]
            at = end
    return [piece for piece in [*cut, Piece(text[at:])] if piece.text]


def links(
    content: dict[str, Any],
    counted: Sequence[str],
    langs: tuple[str, str],
    glossary: Glossary,
    *,
    turned: bool,
) -> list[Link]:
    """The links of an alignment; `turned` if the own record stands on the right. `langs`: left, right."""
    found = []
    for link in content["links"]:
        left, right = (link["other"], link["one"]) if turned else (link["one"], link["other"])
        concept = glossary.concepts.get(link["concept"])
        found.append(
            Link(
                number=link["number"],
                left=concept.names[langs[0]] if concept else left,
                right=concept.names[langs[1]] if concept else right,
                left_phrase=left,
                right_phrase=right,
                concept=concept.id if concept else "",
                closeness=round(link["closeness"] * 100),
                counts=concept is not None and concept.id in counted,
            )
        )
    return found
