"""Cuts running text into sentences, and sentences into passages of a size that an encoder reads well."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kakehashi.text.fold import clean
from kakehashi.text.tokens import CJK

PASSAGE = 360  # characters in Latin script; a Japanese character counts three times
_WEIGHT = re.compile(f"[{CJK}]")

_END = re.compile(r"[。！？｡]+[」』）)]*|[.!?…]+[\"'»“”)\]]*(?=\s)|\n+")
_SHORT = (
    "z b d h u a o ä bzw ca dr prof nr st usw etc inkl ggf evtl vgl s abs art mio mrd max min sog phil med "
    "rer nat e g i vs no inc co ltd corp approx fig al jr mr ms mrs jan feb mar apr jun jul aug sep sept oct "
    "nov dec okt dez"
)
_ABBREVIATIONS = frozenset(_SHORT.split())
_LAST_WORD = re.compile(r"([^\W_]+)$")


class Sentence(NamedTuple):
    """Characters `start` to `end` of the *cleaned* text."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """All sentences of a text in order; offsets are those of `fold.clean(text)`."""
    text = clean(text)
    found, start = [], 0
    for match in _END.finditer(text):
        if match.group()[0] == "." and not _ends_here(text, match.start(), match.end()):
            continue
        found += _trimmed(text, start, match.end())
        start = match.end()
    return found + _trimmed(text, start, len(text))


def passages(text: str, size: int = PASSAGE) -> list[Sentence]:
    """Neighbouring sentences joined up to `size`; one longer than twice that is cut."""
    text = clean(text)
    found: list[Sentence] = []
    start = end = -1
    for sentence in _short_enough(text, size):
        if start >= 0 and weight(text[start : sentence.end]) > size:
            found.append(Sentence(start, end, text[start:end]))
            start = -1
        start = sentence.start if start < 0 else start
        end = sentence.end
    return [*found, Sentence(start, end, text[start:end])] if start >= 0 else found


def weight(text: str) -> int:
    """Length in Latin characters, a Japanese one counted as three."""
    return len(text) + 2 * len(_WEIGHT.findall(text))


def _short_enough(text: str, size: int) -> Iterator[Sentence]:
    for sentence in sentences(text):
        step = len(sentence.text) if weight(sentence.text) <= 2 * size else max(size // 3, 1)
        for start in range(sentence.start, sentence.end, step):
            yield Sentence(
                start, min(start + step, sentence.end), text[start : min(start + step, sentence.end)]
            )


def _ends_here(text: str, dot: int, after: int) -> bool:
    """False for the dot of an abbreviation or a German ordinal (4. Oktober), or before small letters."""
    rest = text[after : after + 20].lstrip()
    if rest[:1].islower():
        return False
    before = _LAST_WORD.search(text, max(dot - 20, 0), dot)
    if before is None:
        return True
    word = before.group()
    if word.isdigit() and len(word) <= 2:
        return False
    return word.lower() not in _ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> list[Sentence]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    return [Sentence(start + left, start + left + len(stripped), stripped)] if stripped else []
