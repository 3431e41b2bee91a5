"""Cuts a text into phrases that name something: glossary terms first, then noun phrases by their shape."""

import re
from typing import NamedTuple

from kakehashi.matching.glossary import Glossary
from kakehashi.text.fold import clean
from kakehashi.text.stop import STOP

MOST = 60  # phrases of one text
READ = 10_000  # characters; the first MOST phrases of any real text lie well before
_WORD = re.compile(r"[^\W_](?:[\w.+’'-]*[^\W_])?|\S")
# What a Japanese phrase is made of: kanji, katakana, Latin letters and digits, joined by dots and dashes.
_JAPANESE = re.compile(
    "(?:[一-鿿々ァ-ヺー]|[A-Za-zα-ωⅠ-Ⅹ0-9])"
    "(?:[一-鿿々ァ-ヺー・‐‑–-]|[A-Za-zα-ωⅠ-Ⅹ0-9+/.]|(?<=[0-9]),(?=[0-9]))*"
)
_NUMBER = re.compile(r"[\d.,年月日%％約第万億兆]+(?:年度?|月|日|人|社|件|億円|万円|以上|か国)?$")
_ADJECTIVE = re.compile(r"[a-zäöüß-]+(?:e|en|er|es|em)$")


class Phrase(NamedTuple):
    """Characters `start` to `end` of the cleaned text; `concept` if the glossary knows it."""

    start: int
    end: int
    text: str
    concept: str = ""


def phrases(text: str, lang: str, glossary: Glossary) -> list[Phrase]:
    """The phrases of a text in order, without overlap, at most MOST."""
    text = clean(text)[:READ]
    taken = _terms(text, glossary)
    cut = _japanese(text) if lang == "ja" else _german(text) if lang == "de" else _english(text)
    # A longer phrase around a known term says more than the term: it takes the term's concept over.
    found = [_with_concept(Phrase(start, end, text[start:end]), taken) for start, end in cut]
    inside = [term for term in taken if not any(p.start <= term.start and term.end <= p.end for p in found)]
    found = [p for p in found if not any(p.start < term.end and term.start < p.end for term in inside)]
    return sorted([*found, *inside])[:MOST]


def _terms(text: str, glossary: Glossary) -> list[Phrase]:
    """The terms of the glossary; of a compound with several the last, which is what it is a kind of."""
    last = {(m.start, m.end): m for m in glossary.mentions(text)}
    return [Phrase(m.start, m.end, text[m.start : m.end], m.concept) for m in last.values()]


def _with_concept(phrase: Phrase, terms: list[Phrase]) -> Phrase:
    inside = [term for term in terms if phrase.start <= term.start and term.end <= phrase.end]
    longest = max(inside, key=lambda term: term.end - term.start, default=None)
    if longest is None:
        return phrase
    return longest if 2 * (longest.end - longest.start) >= phrase.end - phrase.start else phrase


def _japanese(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _JAPANESE.finditer(text):
        piece = match.group().rstrip("・‐‑–-/.")
        if len(piece) >= 2 and not _NUMBER.match(piece):
            found.append((match.start(), match.start() + len(piece)))
    return found


def _german(text: str) -> list[tuple[int, int]]:
    """Nouns are capitalised: runs of them, with the adjectives in front."""
    found: list[tuple[int, int]] = []
    begin = end = -1
    for match in _WORD.finditer(text):
        word = match.group()
        plain = word.lower() not in STOP["de"] and word[0].isalpha()
        noun = plain and (word[0].isupper() or any(map(str.isdigit, word)))
        if noun and begin >= 0:
            end = match.end()
        elif noun:
            begin, end = match.start(), match.end()
        else:
            found += _closed(begin, end)
            adjective = plain and _ADJECTIVE.match(word) is not None
            begin, end = (match.start(), -1) if adjective else (-1, -1)
    return [*found, *_closed(begin, end)]


def _english(text: str) -> list[tuple[int, int]]:
    """Runs of words that are no small words; of a long run the last four."""
    found: list[tuple[int, int]] = []
    run: list[re.Match[str]] = []
    for match in [*_WORD.finditer(text), None]:
        if match is not None and match.group()[0].isalnum() and match.group().lower() not in STOP["en"]:
            run.append(match)
            continue
        if run and any(part.group()[0].isalpha() for part in run):
            found.append((run[-4:][0].start(), run[-1].end()))
        run = []
    return found


def _closed(begin: int, end: int) -> list[tuple[int, int]]:
    return [(begin, end)] if 0 <= begin < end else []
