"""The trilingual term base: which concepts a text names, in whichever language, and what each is called."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from kakehashi.matching.concepts import LANGUAGES, Concept, read_shipped
from kakehashi.matching.senses import Mention, settled
from kakehashi.text.compounds import Compounds
from kakehashi.text.fold import clean, fold
from kakehashi.text.tokens import Run, places, runs, stem

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
        self._composed = self._compositions()

    def mentions(self, text: str, *, loose: bool = False) -> list[Mention]:
        """All concepts named, the longest term at each place; `loose` takes "adc" for ADC too.

        Which meaning a term of several concepts has (KI: künstliche Intelligenz, Konfidenzintervall), and
        whether it counts: see matching.senses.
        """
        text = clean(text)
        return settled(self._found(text, loose), text, self.concepts, self._weight, loose=loose)

    def named(self, text: str, *, loose: bool = False) -> list[str]:
        """The ids of all concepts of a text, each once, in order of appearance."""
        return list(dict.fromkeys(mention.concept for mention in self.mentions(text, loose=loose)))

    def meanings(self, term: str) -> list[str]:
        """The concepts that a whole term names, if it is one."""
        words = list(runs(clean(term)))
        if any(run.cjk for run in words):
            return list(self._japanese.get("".join(run.text for run in words), ()))
        return list(self._latin.get(tuple(stem(run.text) for run in words), ()))

    def _found(self, text: str, loose: bool) -> list[Mention]:
        found: list[Mention] = []
        words: list[Run] = []
        for chain in _chains(text):
            if not any(run.cjk for run in chain):
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
            known = self._japanese["".join(run.text for run in words)]
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
            first, last = units[place], units[place + max(size, 1) - 1]
            part = _part(units, place, place + size)
            for concept, short in concepts:
                yield Mention(first.start, last.end, concept, part, short)
            place += max(size, 1)

    def _units(self, run: Run) -> list[Run]:
        """The word itself if a term begins with it, else the parts of the compound."""
        if (stem(run.text),) in self._beginnings:
            return [Run(run.start, run.end, stem(run.text), False)]
        parts = self.compounds.split(run.text)
        return [Run(run.start, run.end, stem(part), False) for part in parts or (run.text,)]

    def _longest_from(
        self, text: str, units: list[Run], place: int, loose: bool
    ) -> tuple[int, list[tuple[str, bool]]]:
        """The words of the longest term that begins at a place; its concepts, and if it is a short form."""
        best: tuple[int, list[tuple[str, bool]]] = (0, [])
        for size in range(1, min(LONGEST, len(units) - place) + 1):
            key = tuple(unit.text for unit in units[place : place + size])
            if key not in self._beginnings:
                break
            written = text[units[place].start : units[place + size - 1].end]
            known = self._latin.get(key, {}).items()
            concepts = [
                (concept, way == _ALL or len(written) <= _TINY)
                for concept, way in known
                if loose or _is_written(written, way)
            ]
            if concepts:
                best = (size, concepts)
        return best

    def _in_chain(self, text: str, runs: Sequence[Run], loose: bool, but: str = "") -> Iterator[Mention]:
        """Terms of a stretch with Japanese in it; `but` is a term that is not looked for."""
        chain = _Chain(text, runs)
        words: list[Run] = []
        place = 0
        while place < len(chain.text):
            size, concepts = self._longest_japanese_from(chain, place, but)
            if not concepts and place in chain.words:
                words.append(chain.words[place])
                place += len(chain.words[place].text)
                continue
            yield from self._in_words(text, words, loose)
            words = []
            for concept in concepts:
                yield Mention(chain.starts[place], chain.ends[place + size], concept)
            place += max(size, 1)
        yield from self._in_words(text, words, loose)

    def _longest_japanese_from(self, chain: "_Chain", place: int, but: str) -> tuple[int, list[str]]:
        if place not in chain.starts:
            return 0, []
        for size in range(min(self._longest_japanese, len(chain.text) - place), 0, -1):
            term = chain.text[place : place + size]
            concepts = self._japanese.get(term)
            if concepts and place + size in chain.ends and term != but:
                return size, concepts
        return 0, []

    def _compositions(self) -> dict[tuple[str, ...], str]:
        """What neighbours mean together: シングルユース培養槽, as シングルユースバイオリアクター is a term.

        Known by the terms themselves, where their parts are terms without remainder and mean one thing only.
        """
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for term, concepts in list(self._japanese.items()):
            chain = list(runs(term))
            parts = sorted(self._in_chain(term, chain, True, but=term))
            ends = [0, *(part.end for part in parts)]
            if len(parts) > 1 and ends[-1] == len(term) and [p.start for p in parts] == ends[:-1]:
                found[tuple(part.concept for part in parts)].update(concepts)
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
                for i, (start, end) in enumerate(pairwise(places(text, run)), at):
                    self.starts[i], self.ends[i + 1] = start, end
            else:
                self.starts[at], self.words[at] = run.start, run
            at += len(run.text)
            self.ends[at] = run.end


def _chains(text: str) -> Iterator[list[Run]]:
    """Runs that touch, or have nothing but a joint between them."""
    chain: list[Run] = []
    for run in runs(text):
        if chain and (
            run.start > chain[-1].end + 1 or not _JOINTS.issuperset(text[chain[-1].end : run.start])
        ):
            yield chain
            chain = []
        chain.append(run)
    if chain:
        yield chain


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
