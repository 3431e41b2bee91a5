"""What of a record is read: heads per language, passages of the original, words for the index."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kakehashi.text.sentences import passages

LANGUAGES = ("de", "ja", "en")
# Running text that passages are cut from, the most telling first.
PROSE = (
    "sought_partner",
    "body",
    "advantages",
    "technical",
    "differentiation",
    "partner_role",
    "methods",
    "infrastructure",
    "collaboration",
    "challenge",
    "approach",
    "results",
    "lessons",
    "transferable_to",
)
MOST_PASSAGES = 24
PLAIN = ("owner_name", "reading", "city", "sector", "licence_territory")
LISTS = ("market_keywords", "technology_keywords", "key_works", "identifiers")


@dataclass(frozen=True)
class Passage:
    """Characters `start` to `end` of the cleaned wording of one field in one language."""

    field: str
    lang: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Parts:
    """`heads`: title and summary per language; `passages`: of the original wording only."""

    heads: dict[str, str]
    passages: tuple[Passage, ...]

    @property
    def digest(self) -> str:
        """Changes if and only if there is something to encode anew."""
        hashed = hashlib.sha256()
        for lang, text in sorted(self.heads.items()):
            hashed.update(f"{lang}\x00{text}\x00".encode())
        for passage in self.passages:
            hashed.update(f"{passage.lang}\x01{passage.text}\x00".encode())
        return hashed.hexdigest()


def parts(body: dict[str, Any]) -> Parts:
    """What is encoded of a record's body."""
    heads = {lang: head(body, lang) for lang in LANGUAGES}
    return Parts({lang: text for lang, text in heads.items() if text}, tuple(_passages(body))[:MOST_PASSAGES])


def head(body: dict[str, Any], lang: str) -> str:
    """Title (or name) and summary in one language; empty if there is neither."""
    name = body["names"].get(lang, "") if body["kind"] == "organisation" else wording(body, "title", lang)
    if body["kind"] == "organisation" and not name and wording(body, "summary", lang):
        name = min(body["names"].items())[1]  # databases keep the languages in different orders
    return ". ".join(filter(None, (name, wording(body, "summary", lang))))


def wording(body: dict[str, Any], field: str, lang: str) -> str:
    """The text of one translatable field in one language, or nothing."""
    return str((body.get(field) or {}).get(lang, {}).get("text", ""))


def original(body: dict[str, Any], field: str) -> tuple[str, str]:
    """Text and language of the original wording; in the record's language if none is called original."""
    wordings = body.get(field) or {}
    for lang, said in sorted(wordings.items()):
        if said.get("origin") == "original":
            return said["text"], lang
    lang = body["lang"] if body["lang"] in wordings else min(wordings, default=body["lang"])
    return wording(body, field, lang), lang


def title_words(body: dict[str, Any]) -> str:
    """What a searcher most likely types: titles, names and keywords in all languages."""
    names = sorted((body.get("names") or {}).items())
    said = [*(name for _, name in names), str(body.get("reading", ""))]
    said += _wordings(body, ("title", "keywords", "unit"))
    owners = [body.get("organisation") or {}, *(body.get("organisations") or [])]
    return "\n".join(filter(None, [*said, *(str(owner.get("name", "")) for owner in owners)]))


def text_words(body: dict[str, Any]) -> str:
    """All further text in all languages."""
    said = _wordings(body, ("summary", *PROSE))
    said += [str(body.get(field, "")) for field in PLAIN]
    said += [item for field in LISTS for item in body.get(field, []) if isinstance(item, str)]
    return "\n".join(filter(None, said))


def _wordings(body: dict[str, Any], fields: Iterable[str]) -> list[str]:
    """The texts of translatable fields in all languages."""
    there = [body[field] for field in fields if body.get(field)]
    return [str(said[lang].get("text", "")) for said in there for lang in LANGUAGES if lang in said]


def _passages(body: dict[str, Any]) -> Iterator[Passage]:
    for field in PROSE:
        text, lang = original(body, field)
        for piece in passages(text):
            yield Passage(field, lang, piece.start, piece.end, piece.text)
