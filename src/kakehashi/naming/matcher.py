"""The one matcher: which organisation does a writing mean, how sure is that, and why.

Every importer, the forms and the search for duplicates ask it. It takes nobody's decision: what is doubtful
is for a person to decide.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kakehashi.naming.identifiers import identifiers
from kakehashi.naming.index import Index, Scene
from kakehashi.naming.names import Organisation, Way
from kakehashi.naming.reading import read, words
from kakehashi.naming.scoring import ELSEWHERE, Hit, Scorer

MOST = 5  # candidates of an answer
FAIR = 6.0  # with less than this, names that stand there in part or misspelled are looked for too
NOBODY = 5.5  # what speaks for its being none of them
SURE, LIKELY = 0.8, 0.3  # for taking one; for asking a person
WHOLE = 3.0  # for a writing that is the name but for width, case, blanks, legal form, script of the reading
NOTHING_ELSE = 1.0  # for a name in common forms and its own order, nothing beside it but its address
MORE = -2.0  # a writing that is meant as a name says more than the name


class Decision(StrEnum):
    """What may be done with the best candidate."""

    MATCH = "match"
    DOUBTFUL = "doubtful"
    NONE = "none"


class Reason(StrEnum):
    """What speaks for a candidate, or against it."""

    IDENTIFIER = "identifier"
    NAME = "name"
    ALIAS = "alias"
    PLACED = "placed"
    SHORT = "short"
    TURNED = "turned"
    PART = "part"
    WORDS = "words"
    SPELLING = "spelling"
    CITY = "city"
    ELSEWHERE = "elsewhere"
    OTHER_IDENTIFIER = "other-identifier"


_OF_WAY = {Way.NAME: Reason.NAME, Way.ALIAS: Reason.ALIAS, Way.PLACED: Reason.PLACED, Way.SHORT: Reason.SHORT}
_VAGUE = frozenset({Reason.PART, Reason.WORDS, Reason.SPELLING})
_BOTH = {Reason.PART, Reason.WORDS}  # each name says what the other does not: nobody's name
_UNSURE = frozenset(Reason) - {Reason.IDENTIFIER, Reason.NAME, Reason.ALIAS, Reason.CITY}


@dataclass(frozen=True)
class Candidate:
    """One organisation that may be meant: its share of the certainty, 0 to 1, and the reasons."""

    organisation: Organisation
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Answer:
    """Candidates, the likeliest first, and whether the first may be taken."""

    decision: Decision
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Organisation | None:
        return self.candidates[0].organisation if self.decision != Decision.NONE else None


NOTHING = Answer(Decision.NONE)


class Matcher:
    """Finds who is meant among `organisations`."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._index = Index(organisations)
        self._scorer = Scorer(self._index)
        self._by_identifier: dict[str, list[int]] = {}
        for place, each in enumerate(self._index.organisations):
            for one in {one for written in each.identifiers for one in identifiers(written)}:
                self._by_identifier.setdefault(one, []).append(place)

    def match(
        self, written: str, *, given: Iterable[str] = (), country: str = "", without: str = ""
    ) -> Answer:
        """Who is meant by the name of an organisation, its address perhaps beside it.

        Taken for sure only if nothing is left over, nobody else is named alike, and neither an identifier of
        `given` (or in the writing) nor the country (ISO 3166-1) contradicts. `without` is the id of one who
        is not meant: who is alike to that one?
        """
        said = {one for text in (written, *given) for one in identifiers(text)}
        if found := self._identified(said, without):
            return found
        scene = self._index.look(read(written))
        if country:
            scene = scene._replace(countries={country: (0, 0), **scene.countries})
        hits = self._hits(written, scene, wholly=True, without=without)
        for hit in hits:
            self._judge(hit, scene, said)
        return _answer(self._candidates(hit for hit in hits if not set(hit.reasons) >= _BOTH))

    def affiliation(self, written: str) -> Answer:
        """Who is meant by the line under a paper's title: departments, an institution or more, an address."""
        if found := self._identified(set(identifiers(written))):
            return found
        return _answer(self._candidates(self._hits(written, self._index.look(read(written)))), strict=False)

    def _identified(self, said: set[str], without: str = "") -> Answer | None:
        places = {place for one in said for place in self._by_identifier.get(one, ())}
        each = [self._index.organisations[place] for place in sorted(places)]
        each = [one for one in each if one.id != without]
        found = tuple(Candidate(one, 1 / len(each), (Reason.IDENTIFIER,)) for one in each)
        return Answer(Decision.MATCH if len(found) == 1 else Decision.DOUBTFUL, found) if found else None

    def _hits(self, written: str, scene: Scene, *, wholly: bool = False, without: str = "") -> list[Hit]:
        hits = self._meant(self._scorer.hits(scene) if scene.spans else (), without)
        weak = not hits or hits[0].score < FAIR
        others = self._meant(self._wholly(written, scene) if wholly or weak else (), without)
        if weak and not others:
            others = self._meant(self._scorer.sharing(scene), without)
        held = {hit.place: hit for hit in hits}
        for hit in others:
            if hit.place not in held or held[hit.place].score < hit.score:
                held[hit.place] = hit
        return sorted(held.values(), key=lambda hit: -hit.score)[:MOST]

    def _meant(self, hits: Iterable[Hit], without: str) -> list[Hit]:
        return [hit for hit in hits if self._index.organisations[hit.place].id != without]

    def _wholly(self, written: str, scene: Scene) -> Iterable[Hit]:
        for place, way in self._index.by_key(written).items():
            score = NOBODY + WHOLE + self._scorer.around(place, scene)
            yield Hit(place, score - way, way, 0, len(scene.written.words))

    def _judge(self, hit: Hit, scene: Scene, said: set[str]) -> None:
        """What speaks against a candidate where the whole writing should be its name and address."""
        organisation = self._index.organisations[hit.place]
        if rest := self._left_over(hit, organisation, scene):
            hit.score += MORE * min(1.0, sum(map(self._index.weight, rest)))
            hit.reasons.append(Reason.PART)
        elif hit.way <= Way.ALIAS and not hit.reasons:
            hit.score += NOTHING_ELSE
        if scene.countries and organisation.country and organisation.country not in scene.countries:
            hit.reasons.append(Reason.ELSEWHERE)
        schemes = {one.partition(":")[0] for one in said}
        own = [one for text in organisation.identifiers for one in identifiers(text)]
        if any(one.partition(":")[0] in schemes for one in own):
            hit.score += ELSEWHERE
            hit.reasons.append(Reason.OTHER_IDENTIFIER)

    def _left_over(self, hit: Hit, organisation: Organisation, scene: Scene) -> list[str]:
        """Words that are neither of the name nor of the address: that of another, or of a part of it."""
        written = scene.written
        cities = {word for name in organisation.cities for word in words(name)}
        own = cities.union(*(words(name) for name in organisation.regions))
        own.update(*(words(name) for name, _way in organisation.written()))
        country = range(*scene.countries.get(organisation.country, (0, 0)))
        # Between the words that a name has in common with the writing others may stand.
        named = range(0) if Reason.WORDS in hit.reasons else range(hit.begin, hit.end)
        rest = [
            i
            for i, word in enumerate(written.words)
            if i not in named and i not in country and word not in own
        ]
        after = [i for i in range(hit.end, len(written.words)) if written.part[i] > written.part[hit.end - 1]]
        if any(written.words[i] in cities for i in after):  # a street and a postcode belong to the address
            rest = [i for i in rest if i not in after]
        return [written.words[i] for i in rest]

    def _candidates(self, hits: Iterable[Hit]) -> list[Candidate]:
        """Each with its share: the rest belongs to the others and to nobody."""
        ranked = sorted(hits, key=lambda hit: -hit.score)
        whole = math.exp(NOBODY) + sum(math.exp(hit.score) for hit in ranked)
        return [
            Candidate(
                self._index.organisations[hit.place],
                math.exp(hit.score) / whole,
                (_OF_WAY[hit.way], *map(Reason, hit.reasons)),
            )
            for hit in ranked
        ]


def _answer(candidates: Sequence[Candidate], *, strict: bool = True) -> Answer:
    """Several who are likely only together leave a doubt as well: they are named alike."""
    alike = sum(each.score for each in candidates if not _VAGUE & set(each.reasons))
    if max(alike, candidates[0].score if candidates else 0.0) < LIKELY:
        return Answer(Decision.NONE, tuple(candidates))
    unsure = strict and _UNSURE & set(candidates[0].reasons)
    sure = candidates[0].score >= SURE and not unsure
    return Answer(Decision.MATCH if sure else Decision.DOUBTFUL, tuple(candidates))
