"""The lines of the glossary: one concept each, with its terms in three languages."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("de", "ja", "en")


@dataclass(frozen=True)
class Concept:
    """One line of the glossary: `names` are the preferred terms per language, `others` all further ones.

    `context`: words of any language, one of which must stand in a text for an abbreviation to mean this.
    """

    id: str
    topic: str
    names: dict[str, str]
    others: dict[str, tuple[str, ...]]
    reading: str = ""
    context: tuple[str, ...] = ()

    def terms(self, lang: str) -> tuple[str, ...]:
        return (self.names[lang], *self.others.get(lang, ()))


def read(lines: Iterable[str]) -> Iterator[Concept]:
    """Concepts from tab-separated lines in the form of FORMAT.md, the header first."""
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        yield Concept(
            id=row["id"],
            topic=row["topic"],
            names={lang: row[lang] for lang in LANGUAGES},
            others={lang: _further(row[f"{lang}_alt"]) for lang in LANGUAGES},
            reading=row["reading"],
            context=_further(row.get("context")),
        )


def _further(cell: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (cell or "").split(" | ")))


def read_shipped() -> list[Concept]:
    """The glossary that comes with the program."""
    path = files("kakehashi") / "data" / "glossary" / "glossary.tsv"
    return list(read(path.read_text("utf-8").splitlines()))
