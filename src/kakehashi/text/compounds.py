"""Takes German compounds apart with a list of known words (Einwegbioreaktor: Einweg, Bioreaktor)."""

import re
from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 4  # letters of a part
REMEMBERED = 1_024  # words of which each form is kept: more is memory for those seen once
SHORTEST_KNOWN = 5  # letters of the one known part when the other is unknown
_NO_WORDS = "anti auto inter intra trans multi mono poly meta post semi ueber unter"
_PREFIXES = frozenset(_NO_WORDS.split())
_LINKS = ("", "s", "n", "en", "es", "er", "e")
# After these an s always links (Forschungsgruppe); elsewhere one that no German word begins with does.
_LINKED = ("ung", "heit", "keit", "schaft", "taet", "ion", "ling", "tum")
_NO_BEGINNING = re.compile("s[bdfgrsvxz]")


class Compounds:
    """Splits folded words; `words` are folded words that may be parts."""

    def __init__(self, words: Iterable[str]) -> None:
        usable = (word for word in words if len(word) >= SHORTEST and word.isascii() and word.isalpha())
        self._words = frozenset(usable) - _PREFIXES
        self._longest = max(map(len, self._words), default=0)
        self.split = lru_cache(maxsize=REMEMBERED)(self._split)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def _split(self, word: str) -> tuple[str, ...]:
        """The parts of a folded word, empty if it has none; one known part is enough to part it."""
        if len(word) < 2 * SHORTEST or len(word) > 60 or not word.isascii() or not word.isalpha():
            return ()
        return self._all_known(word) or self._one_known(word)

    def _all_known(self, word: str) -> tuple[str, ...]:
        """The split into the fewest known parts; between two parts a linking element may stand."""
        best: dict[int, tuple[str, ...]] = {0: ()}
        for start in range(len(word)):
            if start not in best:
                continue
            for end in range(start + SHORTEST, min(start + self._longest, len(word)) + 1):
                if word[start:end] in self._words and end - start < len(word):
                    parts = (*best[start], word[start:end])
                    for link in _LINKS if end < len(word) else ("",):
                        after = end + len(link)
                        if word.startswith(link, end) and (
                            after not in best or len(best[after]) > len(parts)
                        ):
                            best[after] = parts
        return best.get(len(word), ())

    def _one_known(self, word: str) -> tuple[str, ...]:
        """The longest known head (end) or modifier (beginning), with what remains beside it."""
        cuts = range(SHORTEST, len(word) - SHORTEST + 1)
        known = [(len(word) - cut, cut) for cut in cuts if word[cut:] in self._words]
        known += [(cut, cut) for cut in cuts if word[:cut] in self._words]
        size, cut = max(known, default=(0, 0))
        if size < SHORTEST_KNOWN or word[:cut] in _PREFIXES:
            return ()
        first, rest = word[:cut], word[cut:]
        linked = rest.startswith("s") and (first.endswith(_LINKED) or _NO_BEGINNING.match(rest))
        return first, rest[1:] if linked and first in self._words and len(rest) > SHORTEST else rest
