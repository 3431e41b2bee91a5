"""The one decision: may this record go to that node under this agreement? Deny by default; no I/O.

Asked in four places (EXCHANGE.md section 4): at publish, at serve, at receive, and at every local read of a
foreign record. `peer` is always the node that the record goes to: at receive, that is this node itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import orjson

from kakehashi.agreements.terms import Standing, open_code
from kakehashi.records.audience import ONWARD_ORDER, TLP_ORDER, Audience, Onward, Tlp, narrower_onward
from kakehashi.signing.commit import parse_stamp

Header: TypeAlias = Mapping[str, Any]
_LOOKED_AT = ("origin", "kind", "clause", "topics", "regions", "tlp", "onward")


@dataclass(frozen=True)
class Allow:
    """It may cross. `onward`: what the receiver may do; `clauses`: those it fulfils, in order."""

    onward: Onward
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Deny:
    """It may not; `code` is one of EXCHANGE.md section 16."""

    code: str


Known: TypeAlias = dict[bytes, Allow | Deny]  # what was decided, by what it rests on


def decide(
    header: Header, agreement: Standing, now: datetime, peer: str, known: Known | None = None
) -> Allow | Deny:
    """Whether the record of `header` (EXCHANGE.md example C, op "put") may go to `peer` at `now`.

    Who asks for many parsed headers under one agreement and one peer gives the same `known` each time: most
    of them differ in nothing that grants look at.
    """
    nodes = [party["node"] for party in agreement["parties"]]
    if header.get("origin") not in nodes or peer not in nodes:
        return Deny("not-a-party")
    if closed := open_code(agreement, now):
        return Deny(closed)
    if _expired(header, now):
        return Deny("expired")
    if known is None:
        return _granted(header, agreement, peer)
    looked_at = _looked_at(header)
    if looked_at not in known:
        known[looked_at] = _granted(header, agreement, peer)
    return known[looked_at]


def channels_for(
    audience: str, named: Collection[str], tlp: str, agreements: Iterable[Standing], now: datetime
) -> list[Standing]:
    """The agreements in whose channels a record belongs (EXCHANGE.md section 11); `named`: lineage hashes."""
    if tlp not in TLP_ORDER or tlp == Tlp.RED or (audience == Audience.PUBLIC and tlp != Tlp.CLEAR):
        return []
    running = [agreement for agreement in agreements if not open_code(agreement, now)]
    if audience == Audience.NAMED:
        return [agreement for agreement in running if agreement["lineage"] in named]
    return running if audience in (Audience.AGREEMENTS, Audience.PUBLIC) else []


def clause_of(header: Header, agreement: Standing) -> str | None:
    """The one clause that a record fulfils, whatever the time; None if it serves several or none."""
    for party in agreement["parties"]:
        denied, grants = _granting(header, agreement, party["node"])
        if not denied:
            clauses = _clauses(header, agreement, grants)
            return clauses[0] if len(clauses) == 1 else None
    return None


def _granted(header: Header, agreement: Standing, peer: str) -> Allow | Deny:
    """The part of the decision that does not depend on the time."""
    denied, grants = _granting(header, agreement, peer)
    return Deny(denied) if denied else Allow(_onward(header, grants), _clauses(header, agreement, grants))


def _looked_at(header: Header) -> bytes:
    """All of a header that `_granted` looks at: of the parts, their names."""
    parts = header.get("parts")
    return orjson.dumps([list(parts) if isinstance(parts, dict) else None, *map(header.get, _LOOKED_AT)])


def _granting(header: Header, agreement: Standing, peer: str) -> tuple[str, list[Any]]:
    """The grants that cover the record; else the code of the first test that no remaining grant passes."""
    grants = [g for g in agreement["grants"] if g["from"] == header.get("origin") and peer in g["to"]]
    for code, covers in _TESTS:
        grants = [grant for grant in grants if covers(grant, header)]
        if not grants:
            return code, []
    return "", grants


def _expired(header: Header, now: datetime) -> bool:
    if "expires" not in header:
        return False
    try:
        return parse_stamp(header["expires"]) <= now
    except ValueError:
        return True


def _texts(value: Any) -> set[str]:
    """The strings of a list or the keys of an object; nothing of anything else."""
    return {item for item in value if isinstance(item, str)} if isinstance(value, (list, dict)) else set()


def _kind(grant: Any, header: Header) -> bool:
    clause = header.get("clause")
    return header.get("kind") in grant["kinds"] and (clause is None or clause in grant["clauses"])


def _topic(grant: Any, header: Header) -> bool:
    return grant["topics"] == ["*"] or bool(_texts(header.get("topics")) & set(grant["topics"]))


def _region(grant: Any, header: Header) -> bool:
    regions = _texts(header.get("regions"))  # none: no owner on the origin's side, so it stays at home
    return bool(regions) and (grant["regions"] == ["*"] or bool(regions & set(grant["regions"])))


def _level(grant: Any, header: Header) -> bool:
    level = header.get("tlp")
    order = TLP_ORDER.get(level) if isinstance(level, str) else None  # type: ignore[call-overload]
    return order is not None and level != Tlp.RED and order <= TLP_ORDER[grant["tlp_max"]]


def _parts(grant: Any, header: Header) -> bool:
    parts = header.get("parts")
    return isinstance(parts, dict) and _texts(parts) <= set(grant["parts"])


_TESTS: tuple[tuple[str, Callable[[Any, Header], bool]], ...] = (
    ("policy-kind", _kind),
    ("policy-topic", _topic),
    ("policy-region", _region),
    ("policy-tlp", _level),
    ("policy-part", _parts),
)


def _onward(header: Header, grants: list[Any]) -> Onward:
    """The narrower of record and widest grant; the public only for CLEAR."""
    own = header.get("onward")
    own = own if isinstance(own, str) and own in ONWARD_ORDER else Onward.NONE
    widest = max((grant["onward"] for grant in grants), key=ONWARD_ORDER.__getitem__)
    limit = Onward.PUBLIC if header.get("tlp") == Tlp.CLEAR else Onward.MEMBERS
    return narrower_onward(narrower_onward(own, widest), limit)


def _clauses(header: Header, agreement: Standing, grants: list[Any]) -> tuple[str, ...]:
    if header.get("clause") is not None:
        return (header["clause"],)
    served = {clause for grant in grants for clause in grant["clauses"]}
    return tuple(clause["id"] for clause in agreement["clauses"] if clause["id"] in served)
