"""The lines of the glossary: one concept each, with its terms in three languages."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("de", "ja", "en")
READING = 2  # to be raised whenever texts are read otherwise: all are then read anew


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


def plain(concept: Concept) -> dict[str, Any]:
    """A concept as JSON."""
    return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(concept).items()} | {
        "others": {lang: list(concept.others.get(lang, ())) for lang in LANGUAGES}
    }


def thaw(content: Mapping[str, Any]) -> Concept:
    """A concept from what `plain` gave."""
    others = {lang: tuple(terms) for lang, terms in content["others"].items()}
    return Concept(**{**content, "others": others, "context": tuple(content["context"])})


def read_shipped() -> list[Concept]:
    """The glossary that comes with the program."""
    return list(read(_shipped().splitlines()))


@cache
def edition() -> str:
    """What the shipped glossary, and the way in which it is read, are known by."""
    return f"{READING}.{hashlib.sha256(_shipped().encode()).hexdigest()[:12]}"


def _shipped() -> str:
    return (files("kakehashi") / "data" / "glossary" / "glossary.tsv").read_text("utf-8")
