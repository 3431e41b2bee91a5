"""How much speaks for an organisation being the one that is meant: every weight of the matcher.

The weights are round figures set by hand; a point is worth about as much as a country that agrees.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kakehashi.naming.index import Bearer, Index, Scene, Span
from kakehashi.naming.names import Organisation, Way
from kakehashi.naming.reading import words

TELLING, ENOUGH = 2.6, 1.1  # for words that few others bear; beyond ENOUGH more make nothing surer
WORD = 0.15  # each of the first four words
WAY = {Way.NAME: 0.0, Way.ALIAS: -0.5, Way.PLACED: -1.0, Way.SHORT: -1.3}
WHOLE_PART, PART_EDGE = 0.8, 0.2  # the name fills its part of the address, or begins or ends it
LONE = -1.2  # a single word among others
LAST = 0.6  # the whole stands after its departments
INSIDE = -2.5  # it is only a part of a longer name
ACROSS, TURNED = -0.8, -1.0  # a name over a comma; and in another order, or from within the part before
ORDER, EXACT, SHOWN = 0.6, 0.5, 0.3  # in the name's order; letter by letter; the name that is shown
KIND = {"education": 1.2, "company": 0.3, "facility": -0.3}  # a writing that names both means the university
SCHOOL = -1.5  # a faculty beside its university
UMBRELLA = -0.6  # the "system" of several universities
COUNTRY, ELSEWHERE = 1.0, -2.0
CITY, CITY_INSIDE, REGION = 0.8, 0.4, 0.3
GONE = -0.6  # closed or merged
RENOWN, SIZE = 0.3, 0.1  # known under many names; in a country with many organisations
MISSING = -3.5  # the share of a name's telling words that the writing lacks
SELDOM = 2  # names with a word that may be another one misspelled
_SCHOOLS = {"school", "faculty", "department"}
_CLOSE = 6  # candidates whose letters are compared one by one
_FAR = 4.0  # points behind the best: no candidate any more
_HOPE = COUNTRY + CITY + REGION + ORDER  # the most that an address and the order of words add


@dataclass
class Hit:
    """One candidate: its score and what it is made of."""

    place: int
    score: float
    way: Way
    begin: int
    end: int
    reasons: list[str] = field(default_factory=list)


class Scorer:
    """Scores all candidates of a writing against each other."""

    def __init__(self, index: Index) -> None:
        self.index = index
        organisations = index.organisations
        self.schools = [bool(_SCHOOLS & set(words(each.names[0]))) for each in organisations]
        self.steady = [self._steady(place, each) for place, each in enumerate(organisations)]
        self.kinds = [
            max((KIND.get(kind, 0.0) for kind in each.kinds), default=0.0) for each in organisations
        ]

        self.priors = [steady + kind for steady, kind in zip(self.steady, self.kinds, strict=True)]

    def _steady(self, place: int, each: Organisation) -> float:
        """What does not depend on the writing."""
        names = len(each.names) + len(each.aliases) + len(each.acronyms)
        score = RENOWN * math.log(1 + names) + SIZE * math.log(self.index.sizes[each.country])
        score += 0.0 if each.active else GONE
        return score + (UMBRELLA if each.names[0].casefold().endswith(" system") else 0.0)

    def hits(self, scene: Scene, most: int = _CLOSE) -> list[Hit]:
        """The best candidates, each once, best first."""
        best: dict[int, Hit] = {}
        universities = [
            span for span in scene.spans if any(self._is_university(bearer) for bearer in span.bearers)
        ]
        longer = [span for span in scene.spans if any(b.way <= Way.ALIAS for b in span.bearers)]
        bases = [(*self._of_span(span, scene, universities, longer), span) for span in scene.spans]
        top = -math.inf
        for base, beside, span in sorted(bases, key=lambda each: -each[0]):
            for bearer in span.bearers:
                place, hope = bearer.place, base + self.priors[bearer.place] + WAY[bearer.way] + _HOPE
                if hope < top - _FAR or (place in best and hope <= best[place].score):
                    continue
                score = base + self._of_bearer(bearer, span, scene, beside)
                top = max(top, score)
                if place not in best or best[place].score < score:
                    turned = [] if bearer.order == span.order else ["turned"]
                    best[place] = Hit(place, score, bearer.way, span.begin, span.end, turned)
        ranked = sorted(best.values(), key=lambda hit: -hit.score)[:most]
        for hit in ranked:
            hit.score += self._letters(hit, scene)
        return sorted(ranked, key=lambda hit: -hit.score)

    def _is_university(self, bearer: Bearer) -> bool:
        return (
            bearer.way <= Way.ALIAS
            and "education" in self.index.organisations[bearer.place].kinds
            and not self.schools[bearer.place]
        )

    def _of_span(
        self, span: Span, scene: Scene, universities: Sequence[Span], longer: Sequence[Span]
    ) -> tuple[float, bool]:
        """What a stretch is worth whoever bears it, and whether it holds the name of a university."""
        written, count = scene.written, len(scene.written.words)
        begin, end = span.begin, span.end
        telling = sum(map(self.index.weight, written.words[begin:end]))
        score = TELLING * min(telling, ENOUGH) + WORD * min(end - begin, 4)
        edges = written.begins(begin) + written.ends(end)
        score += WHOLE_PART if edges == 2 else PART_EDGE * edges
        score += LONE if end - begin == 1 and edges < 2 else 0.0
        score += LAST * written.part[end - 1] / max(1, written.part[-1])
        whole = begin == 0 and end == count
        beside = not whole and any(_within(u, span) for u in universities)
        if any(_within(span, other) and self._swallows(other, span, universities, count) for other in longer):
            score += INSIDE
        return score, beside

    def _swallows(self, other: Span, span: Span, universities: Sequence[Span], count: int) -> bool:
        """A longer name takes the shorter's place, unless it is a faculty of that university."""
        if span not in universities or (other.begin == 0 and other.end == count):
            return True
        return not all(self.schools[bearer.place] for bearer in other.bearers if bearer.way <= Way.ALIAS)

    def _of_bearer(self, bearer: Bearer, span: Span, scene: Scene, beside: bool) -> float:
        place, written = bearer.place, scene.written
        score = self.steady[place] + WAY[bearer.way] + self.around(place, scene)
        score += SCHOOL if beside and self.schools[place] else self.kinds[place]
        ordered = bearer.order == span.order
        score += ORDER if ordered else 0.0
        if written.part[span.begin] != written.part[span.end - 1]:
            score += ACROSS + (0.0 if ordered and written.begins(span.begin) else TURNED)
        return score

    def around(self, place: int, scene: Scene) -> float:
        """What the rest of the address says of country, region and city."""
        score, index = 0.0, self.index
        if scene.countries:
            here = index.organisations[place].country
            score += COUNTRY if here in scene.countries else ELSEWHERE if here else 0.0
        if city := index.cities[place] & scene.places.keys():
            score += CITY if any(scene.places[bag] for bag in city) else CITY_INSIDE
        return score + (REGION if index.regions[place] & scene.places.keys() else 0.0)

    def _letters(self, hit: Hit, scene: Scene) -> float:
        names, text = self.index.folded(hit.place), scene.written.text
        if names and names[0] in text:
            return EXACT + SHOWN
        return EXACT if any(name in text for name in names if len(name) > 6) else 0.0

    def sharing(self, scene: Scene, most: int = 30) -> Iterator[Hit]:
        """Candidates whose names stand there in part, or with one letter changed."""
        written = scene.written
        at: dict[str, int] = {}
        mended = set()
        for i, word in enumerate(written.words):
            at.setdefault(word, i)
            if self.index.seen[word] <= SELDOM and (near := self.index.nearest(word)) != word:
                at.setdefault(near, i)
                mended.add(near)
        for number in self.index.sharing(at, most):
            place, found, way = self.index.variants[number]
            if way <= Way.ALIAS and (hit := self._shared(place, found, way, at, scene)):
                hit.reasons = ["spelling" if mended & set(found) else "words"]
                yield hit

    def _shared(
        self, place: int, found: tuple[str, ...], way: Way, at: Mapping[str, int], scene: Scene
    ) -> Hit | None:
        held = [word for word in found if word in at]
        telling = sum(map(self.index.weight, held))
        share = telling / sum(map(self.index.weight, found))
        if share < 0.5 or telling < 0.5:
            return None
        score = TELLING * min(telling, ENOUGH) + WORD * min(len(held), 4) + WAY[way] + MISSING * (1 - share)
        last = max(at[word] for word in held)
        score += LAST * scene.written.part[last] / max(1, scene.written.part[-1])
        score += self.steady[place] + self.kinds[place] + self.around(place, scene)
        if len(held) == len(found) == len(scene.written.words):
            score += WHOLE_PART + EXACT
        return Hit(place, score, way, min(at[word] for word in held), last + 1)


def _within(inner: Span, outer: Span) -> bool:
    return (
        outer.begin <= inner.begin
        and inner.end <= outer.end
        and outer.end - outer.begin > inner.end - inner.begin
    )
