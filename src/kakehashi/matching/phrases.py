"""Cuts a text into phrases that name something: glossary terms first, then noun phrases by their shape."""

import re
from typing import NamedTuple

from kakehashi.matching.glossary import Glossary
from kakehashi.text.fold import clean

MOST = 60  # phrases of one text
_WORD = re.compile(r"[^\W_](?:[\w.+’'-]*[^\W_])?|\S")
# What a Japanese phrase is made of: kanji, katakana, Latin letters and digits, joined by dots and dashes.
_JAPANESE = re.compile(
    "(?:[一-鿿々ァ-ヺー]|[A-Za-zα-ωⅠ-Ⅹ0-9])(?:[一-鿿々ァ-ヺー・‐‑–-]|[A-Za-zα-ωⅠ-Ⅹ0-9+/.])*"
)
_NUMBER = re.compile(r"[\d.,年月日%％約第]+(?:年度?|月|日|人|社|件|億円|万円|以上|か国)?$")
_GERMAN = (
    "der die das den dem des ein eine einer eines einem einen und oder nicht mit von vom zu zum zur im "
    "in am an auf für bei nach aus über unter durch gegen ohne als auch ist sind war wird werden wurde "
    "wurden hat haben kann können sich wir ihr sie es dass wie wer was sowie bis seit zwischen er um so "
    "noch nur mehr sehr weitere weiteren alle andere anderen diese dieser dieses ihre ihren ihrer seine "
    "seinen seiner eigene eigenen erste ersten beide beiden zwei drei vier fünf sechs rund etwa dazu "
    "dabei damit darunter insbesondere sollen soll bietet sucht gesucht zudem außerdem hier dort heute "
    "jetzt je pro bereits dafür davon deren dessen welche werde würde unser unsere"
)
_ENGLISH = (
    "the a an of and to for with from by on at as in is are was were be been has have had that this "
    "these those which it its their our we they or not but can may will into through between against "
    "without than more who what where when also such other both all any each about over under up out so "
    "no one two three four five new using used use offers offer seeks seek wants wanted sought based "
    "including include includes made make makes gives give developed would could should being do does "
    "done there here then if because while after before during via per within among"
)
_STOP = {"de": frozenset(_GERMAN.split()), "en": frozenset(_ENGLISH.split())}
_ADJECTIVE = re.compile(r"[a-zäöüß-]+(?:e|en|er|es|em)$")


class Phrase(NamedTuple):
    """Characters `start` to `end` of the cleaned text; `concept` if the glossary knows it."""

    start: int
    end: int
    text: str
    concept: str = ""


def phrases(text: str, lang: str, glossary: Glossary) -> list[Phrase]:
    """The phrases of a text in order, without overlap, at most MOST."""
    text = clean(text)
    taken = [Phrase(m.start, m.end, text[m.start : m.end], m.concept) for m in glossary.mentions(text)]
    cut = _japanese(text) if lang == "ja" else _german(text) if lang == "de" else _english(text)
    # A longer phrase around a known term says more than the term: it takes the term's concept over.
    found = [_with_concept(Phrase(start, end, text[start:end]), taken) for start, end in cut]
    inside = [term for term in taken if not any(p.start <= term.start and term.end <= p.end for p in found)]
    found = [p for p in found if not any(p.start < term.end and term.start < p.end for term in inside)]
    return sorted([*found, *inside])[:MOST]


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
        plain = word.lower() not in _STOP["de"] and word[0].isalpha()
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
        if match is not None and match.group()[0].isalnum() and match.group().lower() not in _STOP["en"]:
            run.append(match)
            continue
        if run and any(part.group()[0].isalpha() for part in run):
            found.append((run[-4:][0].start(), run[-1].end()))
        run = []
    return found


def _closed(begin: int, end: int) -> list[tuple[int, int]]:
    return [(begin, end)] if 0 <= begin < end else []
