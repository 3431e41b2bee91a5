"""Names that only folders above know, asked for when a page is made: sides of the bridge, agreements.

Like `records.ports`, sockets into which the agreements plug when their app is ready.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from kakehashi import this
from kakehashi.accounts.viewer import Viewer

Words: TypeAlias = Mapping[str, str]  # per language


@dataclass(frozen=True)
class Side:
    """One end of the bridge: the slug that chooses its colour, and what it is called."""

    key: str
    place: Words
    region: Words
    here: bool = False

    def called(self, lang: str) -> str:
        """The place in one language, else in any."""
        return self.place.get(lang) or next(iter(self.place.values()))


@dataclass(frozen=True)
class AgreementName:
    """What a page says of an agreement. `lineage` names it in rows; `clauses` are titles by id."""

    lineage: str
    title: Words
    address: str
    clauses: Mapping[str, Words] = field(default_factory=dict)


Partners: TypeAlias = Callable[[], list[Side]]
Agreements: TypeAlias = Callable[[Viewer, datetime], list[AgreementName]]

_partners: list[Partners] = []
_agreements: list[Agreements] = []


def on_partners(call: Partners) -> None:
    """Plug in: `call()` gives the sides of all partner nodes."""
    if call not in _partners:
        _partners.append(call)


def on_agreements(call: Agreements) -> None:
    """Plug in: `call(viewer, now)` gives the agreements that the viewer may know of."""
    if call not in _agreements:
        _agreements.append(call)


def sides() -> dict[str, Side]:
    """The own side first, then those of partners."""
    node = this.node()
    found = {node.side: Side(node.side, node.place, node.region_name, here=True)}
    for call in _partners:
        for side in call():
            found.setdefault(side.key, side)
    return found


def sides_with(found: Iterable[str]) -> list[Side]:
    """All known sides, and those that records come from though nobody introduced them."""
    known = sides()
    return [*known.values(), *(unknown(key) for key in sorted(set(found) - known.keys()))]


def side(key: str) -> Side:
    """One side; one that nobody introduced is called by its slug."""
    return sides().get(key) or unknown(key)


def unknown(key: str) -> Side:
    return Side(key, {"en": key.capitalize()}, {"en": key.capitalize()})


def agreements(viewer: Viewer, now: datetime) -> dict[str, AgreementName]:
    """Agreements by lineage."""
    return {name.lineage: name for call in _agreements for name in call(viewer, now)}
