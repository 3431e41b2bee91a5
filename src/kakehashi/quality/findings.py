"""What a check finds: how grave it is, where it stands, and the sentence that it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kakehashi.records.kinds import FIELDS, TRANSLATABLE
from kakehashi.text.fold import clean
from kakehashi.text.sentences import sentences
from kakehashi.translation.texts import LANGUAGES

KINDS = ("offer", "request")


class Severity(StrEnum):
    """A blocker must not be published, a major should not, a minor could be better."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `field` is "" if it concerns the whole record.

    `words` are characters `start` to `end` of `clean(text)` of the wording in `lang`, `sentence` the one they
    stand in, from `sentence_start` on; all empty where no words are meant. `facts` fill the sentence that
    explains it.
    """

    code: str
    severity: Severity
    field: str = ""
    lang: str = ""
    start: int = 0
    end: int = 0
    words: str = ""
    sentence: str = ""
    sentence_start: int = 0
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Wording:
    """One text of a record in one language, cleaned; offsets count in it."""

    field: str
    lang: str
    text: str
    origin: str

    def finding(self, code: str, severity: Severity, start: int, end: int, **facts: str) -> Finding:
        """A finding about the characters `start` to `end`, with the sentence around them."""
        around = [s for s in sentences(self.text) if s.start < end and start < s.end]
        first, last = (around[0].start, around[-1].end) if around else (start, end)
        first, last = min(first, start), max(last, end)
        return Finding(
            code,
            severity,
            self.field,
            self.lang,
            start,
            end,
            self.text[start:end],
            self.text[first:last],
            first,
            tuple(facts.items()),
        )


def wordings(body: Mapping[str, Any]) -> Iterator[Wording]:
    """All texts of a body in the order of its fields; what is not in the form of a text is passed over."""
    for field in FIELDS.get(str(body.get("kind")), ()):
        value = body.get(field.name)
        if field.type not in TRANSLATABLE or not isinstance(value, dict):
            continue
        for lang in LANGUAGES:
            wording = value.get(lang)
            if isinstance(wording, dict) and isinstance(wording.get("text"), str):
                origin = str(wording.get("origin", ""))
                yield Wording(field.name, lang, clean(wording["text"]), origin)


def by_people(body: Mapping[str, Any]) -> Iterator[Wording]:
    """The texts that a person wrote or checked: style is not asked of a machine's wording."""
    return (wording for wording in wordings(body) if wording.origin != "machine")
