"""All names of all organisations, so arranged that every stretch of a writing is looked up in one step.

The words of a stretch count as a sum of numbers, one for each word, so that their order does not matter;
a second sum with their places says whether it is the name's own order.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from kakehashi.naming.names import Organisation, Way, ways
from kakehashi.naming.places import COUNTRIES
from kakehashi.naming.reading import Written, words
from kakehashi.naming.terms import COMMON
from kakehashi.text import names
from kakehashi.text.fold import fold

LONGEST = 24  # words of a name; pairs of characters of a Japanese one
OFTEN = 400  # a word in more names than this finds none of them by itself
LEAST, COMMON_MOST = 0.05, 0.3  # what the least and a common word weigh; the rarest weighs 1


class Bearer(NamedTuple):
    """An organisation that may be written so; `order` is the sum that tells the order of words."""

    place: int  # in Index.organisations
    way: Way
    order: int


class Span(NamedTuple):
    """Words `begin` to `end` of a writing that are somebody's name."""

    begin: int
    end: int
    order: int
    bearers: Sequence[Bearer]


class Scene(NamedTuple):
    """A writing and what was found in it.

    `places`: bags of cities and regions, True where a part of the writing is nothing else; `countries`: where
    those stand that are a part of their own.
    """

    written: Written
    spans: Sequence[Span]
    places: Mapping[int, bool]
    countries: Mapping[str, tuple[int, int]]


class Index:
    """What the matcher looks up; never changed once built."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.organisations = list(organisations)
        self.bags: dict[int, list[Bearer]] = {}
        self.keys: defaultdict[str, dict[int, Way]] = defaultdict(dict)
        self.variants: list[tuple[int, tuple[str, ...], Way]] = []
        self.numbers: dict[str, int] = {}
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        self.seen: Counter[str] = Counter()
        for place, organisation in enumerate(self.organisations):
            self._add(place, organisation)
        self.weights = self._weigh()
        self.cities = [self._bags(each.cities) for each in self.organisations]
        self.regions = [self._bags(each.regions) for each in self.organisations]
        self.places = set().union(*self.cities, *self.regions) - {0}
        self.countries = {self._bag(words(name)): code for name, code in COUNTRIES.items()}
        self.sizes = Counter(each.country for each in self.organisations)
        self.folded = lru_cache(maxsize=50_000)(self._folded)
        self.nearest = lru_cache(maxsize=50_000)(self._nearest)
        self._shapes: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._postings:
            self._shapes[word[0], len(word)].append(word)

    def _add(self, place: int, organisation: Organisation) -> None:
        said = dict.fromkeys(ways(organisation))
        for found, way in said:
            bag, order = self._bag(found), self._order(found)
            bearer = Bearer(place, way, order)
            bearers = self.bags.setdefault(bag, [])
            if not any(b[0] == place and b[2] == order and b[1] <= way for b in bearers):
                bearers.append(bearer)
                for word in set(found):
                    self._postings[word].append(len(self.variants))
                self.variants.append((place, found, way))
        self.seen.update({word for found, _way in said for word in found})
        for name, way in organisation.written():
            for key in {names.key(name), fold(name).replace(" ", "")}:
                self.keys[key].setdefault(place, way)

    def _weigh(self) -> dict[str, float]:
        """How much each word tells: one that few bear, much; one that says what all are, little."""
        count = 1 + len(self.organisations)
        top = math.log(max(count, 1_000))
        raw = {word: max(LEAST, 1 - math.log(times) / top) for word, times in self.seen.items()}
        return {word: min(COMMON_MOST, weight) if word in COMMON else weight for word, weight in raw.items()}

    def weight(self, word: str) -> float:
        return self.weights.get(word, 1.0)

    def _number(self, word: str) -> int:
        number = self.numbers.get(word)
        if number is None:
            number = int.from_bytes(blake2b(word.encode(), digest_size=7).digest(), "big")
            self.numbers[word] = number
        return number

    def _bag(self, found: Sequence[str]) -> int:
        return sum(map(self._number, found))

    def _bags(self, written: Iterable[str]) -> frozenset[int]:
        return frozenset(self._bag(words(name)) for name in written)

    def _order(self, found: Sequence[str]) -> int:
        return sum(self._number(word) * at for at, word in enumerate(found, 1))

    def look(self, written: Written) -> "Scene":
        """Names, places and countries in a writing."""
        numbers = [self.numbers.get(word) for word in written.words]
        spans: list[Span] = []
        places: dict[int, bool] = {}
        countries: dict[str, tuple[int, int]] = {}
        for i in range(len(numbers)):
            bag = order = 0
            for j in range(i, min(len(numbers), i + LONGEST)):
                number = numbers[j]
                if number is None:
                    break
                bag += number
                order += number * (j + 1 - i)
                if bag in self.places:
                    places[bag] = places.get(bag, False) or (written.begins(i) and written.ends(j + 1))
                if bag in self.countries and written.begins(i) and written.ends(j + 1):
                    countries[self.countries[bag]] = i, j + 1
                if bearers := self.bags.get(bag):
                    spans.append(Span(i, j + 1, order, bearers))
        return Scene(written, spans, places, countries)

    def sharing(self, found: Iterable[str], most: int) -> list[int]:
        """The variants that share the most telling words with these."""
        shared: Counter[int] = Counter()
        for word in set(found):
            postings = self._postings.get(word, ())
            if len(postings) <= OFTEN:
                weight = self.weight(word)
                for variant in postings:
                    shared[variant] += weight  # type: ignore[assignment]
        return [variant for variant, _weight in shared.most_common(most)]

    def by_key(self, text: str) -> dict[int, Way]:
        """Who is written so but for width, case, blanks, legal form; kana as Latin letters."""
        return self.keys.get(fold(text).replace(" ", "")) or self.keys.get(names.key(text)) or {}

    def _folded(self, place: int) -> tuple[str, ...]:
        return tuple(fold(name) for name, way in self.organisations[place].written() if way <= Way.ALIAS)

    def _nearest(self, word: str) -> str:
        """The known word that differs by one letter, if there is one; for longer words."""
        if len(word) < 6:
            return word
        near = (w for size in (-1, 0, 1) for w in self._shapes.get((word[0], len(word) + size), ()))
        return max(
            (w for w in near if w != word and one_apart(word, w)), key=self.seen.__getitem__, default=word
        )


def one_apart(a: str, b: str) -> bool:
    """True if one letter was changed, added, left out, or two neighbours exchanged."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    return a[i + 1 :] == b[i:] or a[i:] == b[i + 1 :]
