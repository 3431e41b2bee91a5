"""Organisations as the matcher takes them, and all the ways in which each may be written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from kakehashi.naming.reading import words
from kakehashi.text.names import without_legal_form

_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")


class Way(IntEnum):
    """How a writing relates to an organisation's names, from the surest."""

    NAME = 0  # a name that it bears
    ALIAS = 1  # another one, a former one
    PLACED = 2  # a name without the place that it holds
    SHORT = 3  # letters that stand for a name


@dataclass(frozen=True)
class Organisation:
    """Somebody whom a writing may mean. `id` is the caller's; `names[0]` is the one that is shown.

    `cities` and `regions` are forms of one place's name; `country` is ISO 3166-1; `kinds` may hold
    "education", "company", "facility"; `identifiers` are any of naming/identifiers.py.
    """

    id: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    country: str = ""
    identifiers: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    active: bool = True

    def written(self) -> Iterator[tuple[str, Way]]:
        """Every name as it stands, with what it is."""
        for name in self.names:
            yield name, Way.NAME
        for name in self.aliases:
            yield name, Way.ALIAS
        for name in self.acronyms:
            yield name, Way.SHORT


def ways(organisation: Organisation) -> Iterator[tuple[tuple[str, ...], Way]]:
    """The words of every way to write an organisation: with brackets, legal form and place, and without."""
    place = {word for name in (*organisation.cities, *organisation.regions) for word in words(name)}
    for name, way in organisation.written():
        for form in {name, _BRACKETS.sub("", name), without_legal_form(name)}:
            if found := words(form):
                yield found, way
                bare = tuple(word for word in found if word not in place)
                if way != Way.SHORT and 2 <= len(bare) < len(found):
                    yield bare, Way.PLACED
