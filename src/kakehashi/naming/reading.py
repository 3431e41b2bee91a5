"""Cuts what somebody wrote into the words that names are compared by, and says where its parts end."""

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from kakehashi.naming.terms import forms
from kakehashi.text.fold import fold
from kakehashi.text.names import without_japanese_form
from kakehashi.text.tokens import CJK

LIMIT = 1_000  # characters of one writing that are looked at
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_PIECE = re.compile(r"[^\W_]+|[,;:/|()\[\]{}\"„“”«»、。・]| [-–—] ")
_LETTERS = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_](?![^\W_]))")  # K.K., e.V., U.S.A.
_RUNS = re.compile(f"[{CJK}]+|[^{CJK}]+")
_IS_CJK = re.compile(f"[{CJK}]")
_form = lru_cache(maxsize=100_000)(forms)


@dataclass(frozen=True)
class Written:
    """A writing in words, pairs of characters where it is Chinese or Japanese.

    `part` says for each word in which part of the address it stands, from 0.
    """

    text: str  # folded
    words: tuple[str, ...]
    part: tuple[int, ...]

    def begins(self, i: int) -> bool:
        """Whether a part begins with word `i`."""
        return i == 0 or self.part[i - 1] != self.part[i]

    def ends(self, i: int) -> bool:
        """Whether a part ends before word `i`."""
        return i == len(self.words) or self.part[i] != self.part[i - 1]


@lru_cache(maxsize=10_000)
def read(written: str) -> Written:
    """The words of a writing in their common forms, without little words and legal forms."""
    text = fold(html.unescape(written[:LIMIT]) if "&" in written else written, LIMIT)
    bare = text if text.isascii() else without_japanese_form(text)
    found: list[str] = []
    part: list[int] = []
    number, fresh = 0, False
    for piece in _PIECE.findall(_LETTERS.sub(r"\1", _APOSTROPHES.sub("", bare))):
        if not piece[0].isalnum():
            fresh = True
        elif said := _form(piece) if piece.isascii() else _mixed(piece):
            number += bool(found) and (fresh or piece.isdecimal())  # a bare figure parts an address
            fresh = False
            found += said
            part += [number] * len(said)
    return Written(text, tuple(found), tuple(part))


@lru_cache(maxsize=20_000)
def _mixed(piece: str) -> tuple[str, ...]:
    """Latin words and Japanese runs that touch each other, taken apart."""
    found: list[str] = []
    for run in _RUNS.findall(piece):
        found += _form(run) if not _IS_CJK.match(run) else map(add, run, run[1:]) if len(run) > 1 else [run]
    return tuple(found)


def words(written: str) -> tuple[str, ...]:
    return read(written).words
