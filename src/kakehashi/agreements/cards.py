"""The card by which a node introduces itself to partners: what an agreement says of it, and its address."""

import json
import re
from typing import Any, TypeAlias

from kakehashi.agreements.document import PARTY_MEMBERS
from kakehashi.agreements.shape import Problems, gettext_noop, line, members, one_of, several
from kakehashi.errors import InvalidInput
from kakehashi.node import Node

Card: TypeAlias = dict[str, Any]

MAX_CHARS = 20_000
NO_CARD = gettext_noop("This is not a card of a node.")

_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:\d{2,5})?(/[a-z0-9/._-]*)?")
_CARD = members(
    {
        "type": one_of("kx.card"),
        "v": one_of(1),
        "address": line(300, _ADDRESS.fullmatch),
        "regions": several(line(6, re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}").fullmatch), 1, 60),
        **PARTY_MEMBERS,
    }
)


def card_of(node: Node, root_keys: list[str]) -> Card:
    """The card of one's own node."""
    return {
        "type": "kx.card",
        "v": 1,
        "node": node.name,
        "name": node.title,
        "country": node.country,
        "sector": node.sector,
        "root": root_keys,
        "contact": f"mailto:exchange@{node.name}",
        "place": node.place,
        "region_name": node.region_name,
        "regions": node.regions,
        "side": node.side,
        "address": node.base,
    }


def party_of(card: Card) -> dict[str, Any]:
    """The party that stands in an agreement."""
    return {name: card[name] for name in PARTY_MEMBERS}


def read(text: str) -> Card:
    """The card that a person pasted; InvalidInput says what is wrong with it."""
    if len(text) > MAX_CHARS:
        raise InvalidInput({"": [NO_CARD]})
    try:
        card = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InvalidInput({"": [NO_CARD]}) from problem
    if not isinstance(card, dict) or card.get("type") != "kx.card":
        raise InvalidInput({"": [NO_CARD]})
    found: Problems = {}
    _CARD(card, "", found)
    if found:
        raise InvalidInput(found)
    return card


def write(card: Card) -> str:
    """The card as text that can be mailed and pasted."""
    return json.dumps(card, ensure_ascii=False)
