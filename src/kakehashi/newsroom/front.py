"""The two ends of the bridge that the front page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Words: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """One end of the bridge. `key` chooses the colour; `here` is true on that side's own node."""

    key: str
    place: Words
    region: Words
    here: bool


def sides(
    here: Side, parties: Sequence[Mapping[str, Any]], own_node: str, partner: Side | None
) -> list[Side]:
    """The ends in the order in which the agreement names them; without one, this node and its partner.

    Of an agreement of more than two parties the first and this node's own are shown, or the first two.
    """
    if not parties:
        return [here, partner] if partner else [here]
    named = [
        Side(each["side"], each["place"], each["region_name"], each["node"] == own_node) for each in parties
    ]
    first, *others = named
    return [first, next((side for side in others if side.here), others[0])]
