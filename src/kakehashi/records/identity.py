"""What the matcher of names knows of an organisation here, and whom a body may be about."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kakehashi.naming.matcher import LIKELY, Answer, Candidate, Decision, Matcher, Reason
from kakehashi.naming.names import Organisation
from kakehashi.records.cities import forms
from kakehashi.records.regions import REGIONS

_KINDS = {"university": "education", "company": "company", "research_institute": "facility"}
IDENTIFIERS = ("ror", "lei", "corporate_number")


def known(id: str, body: Mapping[str, Any]) -> Organisation:
    """The organisation of a body, in the form of the matcher; its own language's name is the shown one."""
    names = dict(sorted(body["names"].items(), key=lambda entry: entry[0] != body.get("lang")))
    region = str(body.get("region", ""))
    return Organisation(
        id=id,
        names=tuple(dict.fromkeys(names.values())),
        aliases=(body["reading"],) if body.get("reading") else (),
        cities=tuple(sorted(forms(body["city"]))) if body.get("city") else (),
        regions=tuple(sorted(REGIONS.get(region, {}).values())),
        country=region[:2],
        kinds=frozenset({_KINDS[body["type"]]} if body.get("type") in _KINDS else ()),
        identifiers=identifiers(body),
    )


def identifiers(body: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(body[name]) for name in IDENTIFIERS if body.get(name))


@lru_cache(maxsize=8)
def matcher(organisations: tuple[Organisation, ...]) -> Matcher:
    """The matcher for one state of the directory; made once, asked often."""
    return Matcher(organisations)


def answers(among: Matcher, body: Mapping[str, Any], without: str = "") -> Iterator[tuple[str, Answer]]:
    """For each name of a body, who may be meant; `without` is its own id."""
    given, country = identifiers(body), str(body.get("region", ""))[:2]
    for name in dict.fromkeys(body.get("names", {}).values()):
        yield name, among.match(name, given=given, country=country, without=without)


def alike(among: Matcher, body: Mapping[str, Any], without: str = "") -> list[Candidate]:
    """Those whom a body may be about, the likeliest first; not who bears another identifier."""
    found: dict[str, Candidate] = {}
    for _name, answer in answers(among, body, without):
        for each in answer.candidates if answer.decision != Decision.NONE else ():
            before = found.get(each.organisation.id)
            likely = each.score >= LIKELY or each.reasons == answer.candidates[0].reasons
            if likely and not told_apart(each) and (before is None or before.score < each.score):
                found[each.organisation.id] = each
    return sorted(found.values(), key=lambda each: -each.score)


def told_apart(candidate: Candidate) -> bool:
    """Two of the same name that bear different identifiers are two."""
    return Reason.OTHER_IDENTIFIER in candidate.reasons


class Pair(NamedTuple):
    """Two organisations that may be one, by their ids, the smaller first; why, and how likely, 0 to 1."""

    one: str
    other: str
    reasons: tuple[Reason, ...]
    score: float


def pairs(bodies: Mapping[str, Mapping[str, Any]]) -> list[Pair]:
    """All pairs of a directory {id: body} that are alike, the likeliest first."""
    among = matcher(tuple(known(id, body) for id, body in bodies.items()))
    found: dict[tuple[str, str], Pair] = {}
    for id, body in bodies.items():
        for each in alike(among, body, id):
            one, other = sorted((id, each.organisation.id))
            if (one, other) not in found or found[one, other].score < each.score:
                found[one, other] = Pair(one, other, each.reasons, each.score)
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.one, pair.other))


def together(said: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """For each id of pairs that are said to be one, all who are one with it, itself among them."""
    groups: dict[str, frozenset[str]] = {}
    for one, other in said:
        joined = groups.get(one, frozenset({one})) | groups.get(other, frozenset({other}))
        groups |= dict.fromkeys(joined, joined)
    return groups


def with_same(ids: Iterable[str], same: Mapping[str, frozenset[str]]) -> list[str]:
    """These ids and those that are said to be one with them."""
    return sorted({other for id in ids for other in same.get(id, (id,))})
