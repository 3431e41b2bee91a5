"""Parties, documents and standings for the tests of agreements; keys come from fixed seeds."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kakehashi.agreements import document as documents
from kakehashi.agreements import signatures, terms
from kakehashi.agreements.document import Permission
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.proof import document_hash

MUNICH = PrivateKey.from_seed(bytes([1]) * 32)
OSAKA = PrivateKey.from_seed(bytes([2]) * 32)
KYOTO = PrivateKey.from_seed(bytes([3]) * 32)
STARTS = datetime(2026, 10, 4, tzinfo=UTC)
UNTIL = datetime(2029, 10, 4, tzinfo=UTC)
ID = UUID(int=7, version=4)


def party(node: str, key: PrivateKey, **changes: Any) -> dict[str, Any]:
    side = node.partition(".")[0]
    return {
        "node": node,
        "name": {"de": f"Demonstrationsknoten {side.title()}", "en": f"Demonstration node {side.title()}"},
        "country": "DE" if side == "munich" else "JP",
        "sector": "private" if side == "munich" else "public",
        "root": [key.public],
        "contact": f"mailto:exchange@{node}",
        "place": {"de": side.title(), "en": side.title()},
        "region_name": {"en": "Bavaria" if side == "munich" else "Kansai"},
        "side": side,
        **changes,
    }


def bilateral(**changes: Any) -> dict[str, Any]:
    """Munich and Osaka: everything both ways, for three years."""
    facts: dict[str, Any] = {
        "id": ID,
        "parties": [party("munich.example", MUNICH), party("osaka.example", OSAKA)],
        "permissions": [
            Permission("munich.example", regions=("DE-BY",)),
            Permission("osaka.example", regions=("JP-27", "JP-28")),
        ],
        "starts": STARTS,
        "until": UNTIL,
        "notice_days": 183,
        **changes,
    }
    return documents.build(**facts)


def trilateral() -> dict[str, Any]:
    return bilateral(
        parties=[
            party("munich.example", MUNICH),
            party("osaka.example", OSAKA),
            party("kyoto.example", KYOTO),
        ],
        permissions=[
            Permission("munich.example", regions=("DE-BY",)),
            Permission("osaka.example", regions=("JP-27",), onward="members"),
            Permission("kyoto.example", regions=("JP-26",), kinds=("academic",), onward="none"),
        ],
    )


def standing(document: dict[str, Any] | None = None, **changes: Any) -> terms.Standing:
    document = document or bilateral()
    name = document_hash(document)
    facts = {"hash": name, "lineage": name, "state": "active", **changes}
    return terms.standing(document, **facts)


def header(**changes: Any) -> dict[str, Any]:
    """A signed offer's header, as far as `decide` reads it; a change to None leaves the member out."""
    facts = {
        "op": "put",
        "origin": "munich.example",
        "kind": "offer",
        "topics": ["oncology"],
        "regions": ["DE-BY"],
        "tlp": "GREEN",
        "onward": "members",
        "expires": "2027-11-22T09:00:00Z",
        "parts": {"body": "sha256-x"},
        **changes,
    }
    return {name: value for name, value in facts.items() if value is not None}


def signed(document: dict[str, Any], *nodes: str) -> dict[str, Any]:
    """The document with the proofs of these nodes."""
    keys = {"munich.example": MUNICH, "osaka.example": OSAKA, "kyoto.example": KYOTO}
    proofs = [signatures.sign(document, node, keys[node], STARTS) for node in nodes]
    return {**document, "proof": proofs}


def card(node: str = "osaka.example", key: PrivateKey = OSAKA, **changes: Any) -> dict[str, Any]:
    """The card by which a node introduces itself."""
    facts = {"type": "kx.card", "v": 1, "address": f"https://{node}/kx/v1", "regions": ["JP-27", "JP-28"]}
    return {**facts, **party(node, key), **changes}
