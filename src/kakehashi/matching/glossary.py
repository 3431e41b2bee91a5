"""The trilingual term base: which concepts a text names, in whichever language, and what each is called."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from kakehashi.matching.concepts import LANGUAGES, Concept, read_shipped
from kakehashi.text.compounds import Compounds
from kakehashi.text.fold import clean, fold
from kakehashi.text.tokens import Run, places, runs, stem

LONGEST = 12  # words of one term
_SHORT = 5  # letters up to which a term in capitals is an abbreviation
_ANY, _FIRST, _ALL = (
    0,
    1,
    2,
)  # how a term must be written: anyhow, with a capital (a German noun), in capitals


class Mention(NamedTuple):
    """A concept named in characters `start` to `end` of a cleaned text."""

    start: int
    end: int
    concept: str


class Glossary:
    """Finds the concepts of a text by the longest term first. Made once; never changed afterwards."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts: dict[str, Concept] = {}
        self._same = _Same()
        for concept in concepts:
            self.concepts[concept.id] = concept
            self._same.add(concept)
        self.compounds = Compounds(_words(self.concepts.values()))
        self._latin: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        self._japanese: dict[str, list[str]] = defaultdict(list)
        self._beginnings: set[tuple[str, ...]] = set()
        for concept in self.concepts.values():
            for lang in LANGUAGES:
                for term in filter(None, concept.terms(lang)):
                    self._enter(term, lang, self._same.of(concept.id))
        for key in self._latin:
            self._beginnings.update(key[:size] for size in range(1, len(key) + 1))
        self._weights: dict[str, int] = {}
        self._all_terms = "\n".join(
            fold(term) for c in self.concepts.values() for lang in LANGUAGES for term in c.terms(lang)
        )
        self._longest_japanese = max(map(len, self._japanese), default=0)

    def mentions(self, text: str, *, loose: bool = False) -> list[Mention]:
        """All concepts named, the longest term at each place; `loose` takes "adc" for ADC too.

        A term of several concepts (KI: künstliche Intelligenz, Konfidenzintervall) stands for the one that
        the text names otherwise, else whose topic it speaks of, else that most terms build on.
        """
        text = clean(text)
        found: list[Mention] = []
        words: list[Run] = []
        for run in runs(text):
            if run.cjk:
                found += self._in_words(text, words, loose)
                words = []
                found += self._in_japanese(text, run)
            else:
                words.append(run)
        return self._one_each([*found, *self._in_words(text, words, loose)])

    def named(self, text: str, *, loose: bool = False) -> list[str]:
        """The ids of all concepts of a text, each once, in order of appearance."""
        return list(dict.fromkeys(mention.concept for mention in self.mentions(text, loose=loose)))

    def _one_each(self, found: list[Mention]) -> list[Mention]:
        places = Counter((mention.start, mention.end) for mention in found)
        if len(places) == len(found):
            return found
        sure = [m.concept for m in found if places[m.start, m.end] == 1]
        topics = Counter(self.concepts[concept].topic for concept in sure)

        def likelihood(mention: Mention) -> tuple[int, int, int]:
            concept = mention.concept
            return sure.count(concept), topics[self.concepts[concept].topic], self._weight(concept)

        best: dict[tuple[int, int], Mention] = {}
        for mention in sorted(found, key=likelihood):
            best[mention.start, mention.end] = mention
        return sorted(best.values())

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
            known = self._japanese[fold(term).replace(" ", "")]
            known += [concept] if concept not in known else []
            return
        whole = tuple(stem(run.text) for run in words)
        parted = tuple(stem(part) for run in words for part in self.compounds.split(run.text) or (run.text,))
        for key in {whole, parted}:
            if key:
                self._latin[key][concept] = min(written, self._latin[key].get(concept, _ALL))

    def _in_words(self, text: str, words: list[Run], loose: bool) -> Iterator[Mention]:
        units = [unit for run in words for unit in self._units(run)]
        place = 0
        while place < len(units):
            size, concepts = self._longest_from(text, units, place, loose)
            for concept in concepts:
                yield Mention(units[place].start, units[place + size - 1].end, concept)
            place += max(size, 1)

    def _units(self, run: Run) -> list[Run]:
        """The word itself if a term begins with it, else the parts of the compound."""
        if (stem(run.text),) in self._beginnings:
            return [Run(run.start, run.end, stem(run.text), False)]
        parts = self.compounds.split(run.text)
        return [Run(run.start, run.end, stem(part), False) for part in parts or (run.text,)]

    def _longest_from(self, text: str, units: list[Run], place: int, loose: bool) -> tuple[int, list[str]]:
        best: tuple[int, list[str]] = (0, [])
        for size in range(1, min(LONGEST, len(units) - place) + 1):
            key = tuple(unit.text for unit in units[place : place + size])
            if key not in self._beginnings:
                break
            written = text[units[place].start : units[place + size - 1].end]
            known = self._latin.get(key, {}).items()
            concepts = [concept for concept, way in known if loose or _is_written(written, way)]
            if concepts:
                best = (size, concepts)
        return best

    def _in_japanese(self, text: str, run: Run) -> Iterator[Mention]:
        at = places(text, run)
        place = 0
        while place < len(run.text):
            for size in range(min(self._longest_japanese, len(run.text) - place), 0, -1):
                concepts = self._japanese.get(run.text[place : place + size])
                if concepts:
                    for concept in concepts:
                        yield Mention(at[place], at[place + size], concept)
                    place += size
                    break
            else:
                place += 1


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
