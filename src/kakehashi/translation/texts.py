"""One translatable text: its wordings per language, where each comes from, and which one a reader sees.

The form is that of EXCHANGE.md section 5:
`{"de": {"text": …, "origin": "original"|"machine"|"reviewed", "engine": …, "of": …, "by": …}}`.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

LANGUAGES = ("de", "ja", "en")
Origin: TypeAlias = Literal["original", "machine", "reviewed"]
Wording: TypeAlias = dict[str, str]
Texts: TypeAlias = dict[str, Wording]

_MEMBERS = {
    "original": {"text", "origin"},
    "machine": {"text", "origin", "engine", "of"},
    "reviewed": {"text", "origin", "of", "by"},
}


@dataclass(frozen=True)
class Shown:
    """The wording that one reader sees, and what must be said about it."""

    text: str
    lang: str
    origin: Origin
    engine: str = ""
    by: str = ""
    stale: bool = False
    original: str = ""
    original_lang: str = ""

    @property
    def translated(self) -> bool:
        return self.origin != "original"

    @property
    def bcp47(self) -> str:
        """BCP 47 tag; a machine translation carries extension T (RFC 6497)."""
        return (
            f"{self.lang}-t-{self.original_lang}"
            if self.origin == "machine" and self.original_lang
            else self.lang
        )


def text_hash(text: str) -> str:
    """SHA-256 of a wording in UTF-8, as `of` names it."""
    return "sha256-" + urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def original(text: str) -> Wording:
    return {"text": text, "origin": "original"}


def machine(text: str, *, of: str, engine: str) -> Wording:
    """A machine's wording of the source text `of`."""
    return {"text": text, "origin": "machine", "engine": engine, "of": text_hash(of)}


def reviewed(text: str, *, of: str, by: str) -> Wording:
    """A wording checked by an office or role, never by a named person."""
    return {"text": text, "origin": "reviewed", "of": text_hash(of), "by": by}


def original_language(texts: Texts) -> str | None:
    """The language whose wording is the original, if one is."""
    return next((lang for lang in LANGUAGES if texts.get(lang, {}).get("origin") == "original"), None)


def is_stale(texts: Texts, lang: str) -> bool:
    """True if the wording was made from a text that is no longer the original."""
    source = original_language(texts)
    wording = texts.get(lang)
    if wording is None or source is None or wording["origin"] == "original":
        return False
    return wording.get("of") != text_hash(texts[source]["text"])


def pick(texts: Texts | None, lang: str) -> Shown | None:
    """What a reader of `lang` sees: that language, else the original, else any that exists."""
    if not texts:
        return None
    source = original_language(texts)
    chosen = next((c for c in (lang, source, "en", "de", "ja") if c and c in texts), None)
    if chosen is None:
        return None
    wording = texts[chosen]
    return Shown(
        text=wording["text"],
        lang=chosen,
        origin=wording["origin"],  # type: ignore[arg-type]  # checked by problems()
        engine=wording.get("engine", ""),
        by=wording.get("by", ""),
        stale=is_stale(texts, chosen),
        original=texts[source]["text"] if source else "",
        original_lang=source or "",
    )


def problems(value: Any, limit: int) -> list[str]:
    """What is wrong with a value that claims to be Texts; English codes with facts, empty if nothing is."""
    if not isinstance(value, dict) or not value:
        return ["texts-not-object"]
    found = [f"texts-language {lang}" for lang in value if lang not in LANGUAGES]
    originals = 0
    for lang in LANGUAGES:
        wording = value.get(lang)
        if wording is None:
            continue
        if not isinstance(wording, dict) or not all(isinstance(v, str) for v in wording.values()):
            found.append(f"texts-wording {lang}")
        elif wording.keys() != _MEMBERS.get(wording.get("origin", "")):
            found.append(f"texts-members {lang}")
        elif not wording["text"].strip() or len(wording["text"]) > limit:
            found.append(f"texts-length {lang}")
        else:
            originals += wording["origin"] == "original"
    if originals > 1:
        found.append("texts-two-originals")
    return found
