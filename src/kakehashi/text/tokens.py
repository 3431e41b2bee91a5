"""Cuts a text into the tokens of the search index: word stems, compound parts, pairs of CJK characters."""

import re
import sys
from array import array
from collections.abc import Iterator
from functools import lru_cache
from operator import add
from typing import NamedTuple

from kakehashi.text.compounds import REMEMBERED, Compounds
from kakehashi.text.fold import clean, fold, fold_all

TOKEN_LIMIT = 40  # characters of one token; a longer run is no word
LONGEST_RUN = 2_000
KNOWN = 4_096  # words, and Japanese runs, whose tokens are kept: texts repeat the same few
CJK = "々〆〇ぁ-ゖゝ-ゟァ-ヺーヽヾㇰ-ㇿｦ-ﾟ㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff"
# One run is either Japanese, its middle dots and dashes after kana included, or a word of any other script
# with its combining marks. Written without a choice at each character: this is most of the time of indexing.
_LETTER = f"[^\\W_{CJK}]"
_JAPANESE = rf"[{CJK}]+(?:(?:[・･](?=[{CJK}])|(?<=[ぁ-ヺ])[‐‑–—−-](?=[ァ-ヺ]))[{CJK}]+)*"
_WORD = rf"{_LETTER}+(?:[\u0300-\u036f]+{_LETTER}*)*"
_RUN = re.compile(f"(?P<cjk>{_JAPANESE})|{_WORD}")
_APART = re.compile(f"({_JAPANESE})")  # splits a text into other, Japanese, other, …
# Words with nothing but a hyphen between them, where nothing Japanese is left.
_CHAIN = re.compile(f"{_WORD}(?:[-‐‑–/]{_WORD})*".replace(CJK, ""))
_HYPHEN = re.compile("[-‐‑–/]")
_IS_CJK = re.compile(f"[{CJK}]")
_ENDING = re.compile(r"(?:ern|en|er|es|em|e|n|s)$")


@lru_cache(maxsize=REMEMBERED)
def _fold_word(word: str) -> str:
    return fold(word).replace(" ", "")


class Run(NamedTuple):
    """A stretch of one script in a cleaned text: characters `start` to `end`, folded."""

    start: int
    end: int
    text: str
    cjk: bool


def runs(text: str) -> Iterator[Run]:
    """All words and Japanese runs of a *cleaned* text, in order."""
    found = list(_RUN.finditer(text))
    for match, folded in zip(found, fold_all(match[0] for match in found), strict=False):
        if folded:
            start, end = match.span()
            cjk = match.lastgroup is not None
            yield Run(start, end, folded[: LONGEST_RUN if cjk else TOKEN_LIMIT], cjk)


def _fold_run(written: str, *, cjk: bool) -> str:
    folded = _fold_word(written) if len(written) <= TOKEN_LIMIT else _fold_word.__wrapped__(written)
    return folded[: LONGEST_RUN if cjk else TOKEN_LIMIT]


def places(text: str, run: Run) -> list[int]:
    """For each character of the folded run, and its end, the place in the text that it came from."""
    written = text[run.start : run.end]
    if len(written) == len(run.text):
        return list(range(run.start, run.end + 1))
    found: list[int] = []
    i = 0
    while i < len(written) and len(found) < len(run.text):
        for size in (1, 2):  # ヴァ and ｶﾞ are two characters for one; a long-vowel mark is one for none
            folded = _fold_word(written[i : i + size])
            if folded and run.text.startswith(folded, len(found)):
                found += [run.start + i] * len(folded)
                i += size - 1
                break
        i += 1
    found = found[: len(run.text)]
    return [*found, *[run.end] * (len(run.text) + 1 - len(found))]


def is_cjk(char: str) -> bool:
    return _IS_CJK.match(char) is not None


def bigrams(run: str) -> list[str]:
    """Overlapping pairs and the last character alone, so that `癌*` finds every 癌."""
    return [*map(add, run, run[1:]), run[-1:]]


@lru_cache(maxsize=REMEMBERED)
def stem(word: str) -> str:
    """A folded Latin word without up to two German or English endings; at least 4 characters stay."""
    if len(word) < 5 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("y"):
        word = word[:-1] + "i"
    for _ in range(2):
        shorter = _ENDING.sub("", word)
        if shorter == word or len(shorter) < 4:
            break
        word = shorter
    return word


def tokens(text: str, compounds: Compounds | None = None) -> list[str]:
    """The index tokens of a text, the Japanese ones first, else in order, repetitions kept.

    Words give their stem, parts of German compounds, and the joined form of what hyphens part (CAR-T, IL-6).
    """
    return indexed(text, compounds).split()


def indexed(text: str, compounds: Compounds | None = None) -> str:
    """The same parted by spaces, as the full-text table takes them.

    Nothing that is found here holds a space. So what stands between spaces is looked up first: texts are
    made of the same few thousand words, and to cut out one anew takes thirty times as long.
    """
    pieces = clean(text).split()
    seen = _seen(compounds)
    words = list(map(seen.get, pieces))
    japanese: list[str] = []
    for place in [place for place, known in enumerate(words) if known is None]:
        # None follows another across a Japanese run, as no phrase does.
        parts = _APART.split(pieces[place])
        japanese += parts[1::2]
        words[place] = made = _of_words("\n".join(parts[::2]), compounds)
        if len(parts) == 1 and len(pieces[place]) <= TOKEN_LIMIT:
            if len(seen) >= KNOWN:
                seen.clear()
            seen[pieces[place]] = made
    return " ".join(filter(None, [*_japanese(japanese), *words]))


@lru_cache(maxsize=2)  # a glossary and the one before it
def _seen(_: Compounds | None) -> dict[str, str]:
    """The tokens of what stood between spaces before, nothing Japanese in it; kept up to KNOWN."""
    return {}


def _of_words(text: str, compounds: Compounds | None) -> str:
    """The tokens of a text without Japanese."""
    return " ".join(
        filter(
            None,
            (
                (_of_chain if len(chain) <= TOKEN_LIMIT else _of_chain.__wrapped__)(chain, compounds)
                for chain in _CHAIN.findall(text)
            ),
        )
    )


@lru_cache(maxsize=REMEMBERED)
def _of_chain(chain: str, compounds: Compounds | None) -> str:
    """The tokens of one word, or of words that hyphens join: their joined form too."""
    words = list(filter(None, (_fold_run(word, cjk=False) for word in _HYPHEN.split(chain))))
    found = []
    for word in words:
        found.append(stem(word))
        if compounds is not None:
            found += map(stem, compounds.split(word))
    if len(words) > 1:
        found.append(stem("".join(words)[:TOKEN_LIMIT]))
    return " ".join(found)


_kept: list[dict[str, str]] = [{}]  # the tokens of Japanese runs seen before; another one when it is full


def _japanese(runs: list[str]) -> list[str]:
    """The tokens of each run, parted by spaces; runs that were not seen before are folded all at once."""
    known = _kept[0] = _kept[0] if len(_kept[0]) < KNOWN else {}
    fresh = [run for run in dict.fromkeys(runs) if run not in known]
    if not fresh:
        return [known[run] for run in runs]
    folded = [run[:LONGEST_RUN] for run in fold_all(fresh)]
    pairs = iter(_pairs([run for run in folded if run]))
    made = {run: next(pairs) if fold else "" for run, fold in zip(fresh, folded, strict=True)}
    known.update((run, tokens) for run, tokens in made.items() if len(run) <= TOKEN_LIMIT)
    return [made[run] if run in made else known[run] for run in runs]


def _pairs(japanese: list[str]) -> list[str]:
    """The bigrams of each run parted by spaces, of all runs at once: most of what is indexed."""
    chars = array("I", "".join(f"\n{run}" for run in japanese).encode(_UTF32))
    woven = array("I", " ".encode(_UTF32) * (3 * len(chars)))
    woven[::3], woven[1::3] = chars, (chars + _LINE_BREAK)[1:]
    # "\n抗 抗体 体\n \n癌 癌\n ": between line breaks the first character, which nobody wants, and the pairs
    return [pairs[2:] for pairs in woven.tobytes().decode(_UTF32).split("\n")[1::2]]


_UTF32 = f"utf-32-{sys.byteorder[0]}e"  # without a byte-order mark
_LINE_BREAK = array("I", "\n".encode(_UTF32))
