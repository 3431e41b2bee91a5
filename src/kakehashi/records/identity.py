"""What the matcher of names knows of an organisation here, and whom a body may be about."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from kakehashi.naming.matcher import Answer, Matcher
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


def answers(among: Matcher, body: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
    """For each name of a body, who may be meant."""
    given, country = identifiers(body), str(body.get("region", ""))[:2]
    for name in dict.fromkeys(body.get("names", {}).values()):
        yield name, among.match(name, given=given, country=country)
