"""What a record speaks of, apart from its wording: the glossary's concepts, abbreviations and codes."""

import re
from dataclasses import dataclass
from typing import Any

from kakehashi.matching import texts
from kakehashi.matching.glossary import Glossary
from kakehashi.text.fold import clean

MOST = 80
# Written with two capitals, or with letters and digits: CDMO, iPS, mRNA, MOR202. The same in every language.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*[A-Z0-9])[A-Za-z][A-Za-z0-9-]{1,15}(?![A-Za-z0-9])"
)


@dataclass(frozen=True)
class Content:
    """Ids of concepts; codes as written."""

    concepts: frozenset[str]
    words: frozenset[str]


def content(body: dict[str, Any], glossary: Glossary) -> Content:
    """Concepts of all wordings; codes of the original ones."""
    everything = f"{texts.title_words(body)}\n{texts.text_words(body)}"
    plain = [texts.original(body, field)[0] for field in ("title", "summary", "keywords", *texts.PROSE)]
    named = glossary.named(everything)[:MOST]
    return Content(frozenset(named), frozenset(codes("\n".join(plain))[:MOST]))


def codes(text: str) -> list[str]:
    """Abbreviations and codes of a text, each once."""
    return list(dict.fromkeys(match.group().strip("-") for match in _CODE.finditer(clean(text))))
