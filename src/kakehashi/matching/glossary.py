"""The trilingual term base: which concepts a text names, in whichever language, and what each is called."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from kakehashi.matching.concepts import LANGUAGES, Concept, read_shipped
from kakehashi.matching.senses import Mention, settled
from kakehashi.matching.terms import Characters, Words
from kakehashi.text.compounds import Compounds
from kakehashi.text.fold import clean, fold
from kakehashi.text.tokens import KNOWN, Run, places, runs, stem

__all__ = ["Glossary", "Mention", "shipped"]

LONGEST = 12  # words of one term
MOST_PARTS = 4  # terms that one Japanese term is put together from
_SHORT = 5  # letters up to which a term in capitals is an abbreviation
_TINY = 2  # letters up to which any term is taken for one
# How a term must be written: anyhow, with a capital (a German noun), in capitals (an abbreviation).
_ANY, _FIRST, _ALL = 0, 1, 2
_JOINTS = frozenset("-‐‑–・･·")  # what may stand between the parts of one Japanese word


class Glossary:
    """Finds the concepts of a text by the longest term first. Made once; never changed afterwards."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts: dict[str, Concept] = {}
        self._same = _Same()
        for concept in concepts:
            self.concepts[concept.id] = concept
            self._same.add(concept)
        self.compounds = Compounds(_words(self.concepts.values()))
        self._latin, self._japanese = Words(), Characters()
        self._parts = lru_cache(maxsize=KNOWN)(self._parted)
        for concept in self.concepts.values():
            for lang in LANGUAGES:
                for term in filter(None, concept.terms(lang)):
                    self._enter(term, lang, self._same.of(concept.id))
        self._weights: dict[str, int] = {}
        self._all_terms = "\n".join(
            fold(term) for c in self.concepts.values() for lang in LANGUAGES for term in c.terms(lang)
        )
        self._composed = self._compositions()

    def mentions(self, text: str, *, loose: bool = False) -> list[Mention]:
        """All concepts named, the longest term at each place; `loose` takes "adc" for ADC too.

        Which meaning a term of several concepts has (KI: künstliche Intelligenz, Konfidenzintervall), and
        whether it counts: see matching.senses.
        """
        text = clean(text)
        every = list(runs(text))
        found = self._found(text, every, loose)
        return settled(found, (text, every), self.concepts, self._weight, loose=loose)

    def named(self, text: str, *, loose: bool = False) -> list[str]:
        """The ids of all concepts of a text, each once, in order of appearance."""
        return list(dict.fromkeys(mention.concept for mention in self.mentions(text, loose=loose)))

    def meanings(self, term: str) -> list[str]:
        """The concepts that a whole term names, if it is one."""
        words = list(runs(clean(term)))
        if any(run.cjk for run in words):
            return list(self._japanese.of("".join(run.text for run in words)))
        known = self._latin.after([stem(run.text) for run in words])
        return list(known.means) if known else []

    def _found(self, text: str, every: Iterable[Run], loose: bool) -> list[Mention]:
        found: list[Mention] = []
        words: list[Run] = []
        for chain, japanese in _chains(text, every):
            if not japanese:
                words += chain
                continue
            found += self._in_words(text, words, loose)
            words = []
            found += self._joined(text, self._in_chain(text, chain, loose))
        return [*found, *self._in_words(text, words, loose)]

    def _weight(self, concept: str) -> int:
        """How many terms of the glossary contain one of the preferred names."""
        if concept not in self._weights:
            names = (fold(name) for name in self.concepts[concept].names.values())
            self._weights[concept] = sum(self._all_terms.count(name) for name in names)
        return self._weights[concept]

    def _enter(self, term: str, lang: str, concept: str) -> None:
        words = list(runs(clean(term)))
        written = _ALL if len(term) <= _SHORT and term.isupper() and term.isalpha() else _ANY
        if written == _ANY and lang == "de" and len(words) == 1 and term[:1].isupper():
            written = _FIRST  # die Sucht, but: er sucht
        if any(run.cjk for run in words):
            self._japanese.enter("".join(run.text for run in words), concept)
            return
        whole = tuple(stem(run.text) for run in words)
        parted = tuple(stem(part) for run in words for part in self.compounds.split(run.text) or (run.text,))
        for key in filter(None, {whole, parted}):
            self._latin.enter(key, concept, written)

    def _in_words(self, text: str, words: list[Run], loose: bool) -> Iterator[Mention]:
        units = [Run(run.start, run.end, part, False) for run in words for part in self._parts(run.text)]
        place = 0
        while place < len(units):
            if units[place].text not in self._latin.then:
                place += 1
                continue
            size, concepts = self._longest_from(text, units, place, loose)
            for concept, short in concepts:
                part = _part(units, place, place + size)
                yield Mention(units[place].start, units[place + size - 1].end, concept, part, short)
            place += max(size, 1)

    def _parted(self, word: str) -> tuple[str, ...]:
        """The word's stem if a term begins with it, else those of the parts of the compound."""
        whole = stem(word)
        parts = () if whole in self._latin.then else self.compounds.split(word)
        return tuple(map(stem, parts)) or (whole,)

    def _longest_from(
        self, text: str, units: list[Run], place: int, loose: bool
    ) -> tuple[int, list[tuple[str, bool]]]:
        """The words of the longest term that begins at a place; its concepts, and if it is a short form."""
        best: tuple[int, list[tuple[str, bool]]] = (0, [])
        here = self._latin
        for size, unit in enumerate(units[place : place + LONGEST], 1):
            if (after := here.then.get(unit.text)) is None:
                break
            here = after
            if not here.means:
                continue
            written = text[units[place].start : unit.end]
            concepts = [
                (concept, way == _ALL or len(written) <= _TINY)
                for concept, way in here.means.items()
                if loose or _is_written(written, way)
            ]
            if concepts:
                best = (size, concepts)
        return best

    def _in_chain(self, text: str, runs: Sequence[Run], loose: bool, but: str = "") -> Iterator[Mention]:
        """Terms of a stretch with Japanese in it; `but` is a term that is not looked for."""
        chain = _Chain(text, runs)
        begins = self._japanese.begins(chain.text)
        words: list[Run] = []
        end = 0
        for place in sorted(begins.keys() | chain.words.keys()):
            if place < end:
                continue
            size, concepts = self._longest_japanese_from(chain, place, begins.get(place, ()), but)
            if words and (concepts or place > end):
                yield from self._in_words(text, words, loose)
                words = []
            for concept in concepts:
                yield Mention(chain.starts[place], chain.ends[place + size], concept)
            if not concepts and place in chain.words:
                words.append(chain.words[place])
                size = len(chain.words[place].text)
            end = max(end, place + size)
        yield from self._in_words(text, words, loose)

    def _longest_japanese_from(
        self, chain: "_Chain", place: int, sizes: Iterable[int], but: str
    ) -> tuple[int, Sequence[str]]:
        for size in sizes if place in chain.starts else ():
            term = chain.text[place : place + size]
            concepts = self._japanese.of(term)
            if concepts and place + size in chain.ends and term != but:
                return size, concepts
        return 0, ()

    def _compositions(self) -> dict[tuple[str, ...], str]:
        """What neighbours mean together: シングルユース培養槽, as シングルユースバイオリアクター is a term.

        Known by the terms themselves, where their parts are terms without remainder and mean one thing only.
        """
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for term in self._japanese:
            chain = list(runs(term))
            parts = sorted(self._in_chain(term, chain, True, but=term))
            ends = [0, *(part.end for part in parts)]
            if len(parts) > 1 and ends[-1] == len(term) and [p.start for p in parts] == ends[:-1]:
                found[tuple(part.concept for part in parts)].update(self._japanese.of(term))
        return {parts: next(iter(meant)) for parts, meant in found.items() if len(meant) == 1}

    def _joined(self, text: str, found: Iterable[Mention]) -> Iterator[Mention]:
        """Neighbours that together are a term, as that term."""
        every = sorted(found)
        place = 0
        while place < len(every):
            sizes = range(min(len(every) - place, MOST_PARTS), 1, -1)
            size = next((n for n in sizes if self._together(text, every[place : place + n])), 1)
            if size > 1:
                concept = self._composed[tuple(mention.concept for mention in every[place : place + size])]
                yield Mention(every[place].start, every[place + size - 1].end, concept)
            else:
                yield every[place]
            place += size

    def _together(self, text: str, neighbours: Sequence[Mention]) -> bool:
        if tuple(mention.concept for mention in neighbours) not in self._composed:
            return False
        return all(
            a.end <= b.start and _JOINTS.issuperset(text[a.end : b.start]) for a, b in pairwise(neighbours)
        )


class _Chain:
    """Neighbouring runs as one folded text: where a term may begin and end in it, and where that is.

    Anywhere between characters of Japanese, but not inside a word of other letters; `words` are these.
    """

    def __init__(self, text: str, runs: Sequence[Run]) -> None:
        self.text = "".join(run.text for run in runs)
        self.starts: dict[int, int] = {}
        self.ends: dict[int, int] = {}
        self.words: dict[int, Run] = {}
        at = 0
        for run in runs:
            if run.cjk:
                came_from = places(text, run)
                self.starts.update(enumerate(came_from[:-1], at))
                self.ends.update(enumerate(came_from[1:], at + 1))
            else:
                self.starts[at], self.words[at] = run.start, run
            at += len(run.text)
            self.ends[at] = run.end


def _chains(text: str, every: Iterable[Run]) -> Iterator[tuple[list[Run], bool]]:
    """Runs that touch, or have nothing but a joint between them; and if there is Japanese in them."""
    chain: list[Run] = []
    japanese, end = False, 0
    for run in every:
        if chain and (run.start > end + 1 or not _JOINTS.issuperset(text[end : run.start])):
            yield chain, japanese
            chain, japanese = [], False
        chain.append(run)
        japanese, end = japanese or run.cjk, run.end
    if chain:
        yield chain, japanese


def _part(units: Sequence[Run], first: int, end: int) -> int:
    """Which part of a compound the units `first` to `end` are; 0 if they are whole words."""
    before = first > 0 and units[first - 1].start == units[first].start
    after = end < len(units) and units[end].start == units[end - 1].start
    if not before and not after:
        return 0
    return 1 + sum(unit.start == units[first].start for unit in units[:first][-LONGEST:])


def _is_written(text: str, way: int) -> bool:
    return way == _ANY or (text[0].isupper() if way == _FIRST else text.isupper())


class _Same:
    """Concepts that share their preferred terms in two languages are one; the first one's id stands."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], str] = {}
        self._of: dict[str, str] = {}

    def add(self, concept: Concept) -> None:
        keys = [f"{lang}:{fold(concept.names[lang])}" for lang in LANGUAGES]
        pairs = [(keys[0], keys[1]), (keys[1], keys[2]), (keys[0], keys[2])]
        first = next((self._first[pair] for pair in pairs if pair in self._first), concept.id)
        self._of[concept.id] = first
        for pair in pairs:
            self._first.setdefault(pair, first)

    def of(self, concept: str) -> str:
        return self._of[concept]


def _words(concepts: Iterable[Concept]) -> Iterator[str]:
    """The folded words of all German terms: what compounds are made of."""
    for concept in concepts:
        for term in concept.terms("de"):
            yield from (run.text for run in runs(clean(term)) if not run.cjk)


@cache
def shipped() -> Glossary:
    """The glossary that comes with the program; the first call takes the better part of a second."""
    return Glossary(read_shipped())
