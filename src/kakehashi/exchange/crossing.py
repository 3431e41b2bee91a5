"""Which header an own record should have in a channel: audience chooses channels, `decide` has the word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from kakehashi.agreements.decide import Allow, channels_for, decide
from kakehashi.agreements.terms import Standing
from kakehashi.signing import canonical
from kakehashi.signing.commit import hash_name, stamp

PUBLISHED = "published"


@dataclass(frozen=True)
class Facts:
    """What the decision looks at in one own record."""

    kind: str
    state: str
    audience: str
    named: tuple[str, ...]
    tlp: str
    onward: str
    expires: datetime | None
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    body: Mapping[str, Any]
    person: Mapping[str, Any] | None
    revision: int

    def over(self, now: datetime) -> bool:
        """Both sides hide an expired record by their own clocks; no entry says so."""
        return self.expires is not None and self.expires <= now


@dataclass(frozen=True)
class Wanted:
    """The header's facts and the parts that should live in the channel. Same digest: nothing to write."""

    kind: str
    topics: list[str]
    regions: list[str]
    tlp: str
    onward: str
    expires: datetime | None
    clause: str | None
    parts: Mapping[str, Mapping[str, Any]]
    digest: str


def wanted(facts: Facts, standing: Standing, me: str, now: datetime) -> Wanted | None:
    """What of the record may cross under the agreement; None if it may not.

    A person part goes only where every receiver may have it, else the record goes without it.
    """
    if facts.state != PUBLISHED or not channels_for(facts.audience, facts.named, facts.tlp, [standing], now):
        return None
    with_person = {"body": facts.body, "person": facts.person} if facts.person else None
    for parts in filter(None, (with_person, {"body": facts.body})):
        allowed = _allowed(_header(facts, me, parts), standing, me, now)
        if allowed:
            clause = allowed.clauses[0] if len(allowed.clauses) == 1 else None
            return _wanted(facts, clause, parts)
    return None


def _allowed(header: dict[str, Any], standing: Standing, me: str, now: datetime) -> Allow | None:
    """The answer that holds for every receiver, since all of them read the same channel."""
    peers = [party["node"] for party in standing["parties"] if party["node"] != me]
    answers = [decide(header, standing, now, peer) for peer in peers]
    allowed = [answer for answer in answers if isinstance(answer, Allow)]
    return allowed[0] if peers and len(allowed) == len(peers) else None


def _header(facts: Facts, me: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "op": "put",
        "origin": me,
        "kind": facts.kind,
        "topics": list(facts.topics),
        "regions": list(facts.regions),
        "tlp": facts.tlp,
        "onward": facts.onward,
        "parts": dict.fromkeys(parts, ""),
        **({"expires": stamp(facts.expires)} if facts.expires else {}),
    }


def _wanted(facts: Facts, clause: str | None, parts: Mapping[str, Mapping[str, Any]]) -> Wanted:
    said = {**_header(facts, "", parts), **({"clause": clause} if clause else {})}
    return Wanted(
        kind=facts.kind,
        topics=list(facts.topics),
        regions=list(facts.regions),
        tlp=facts.tlp,
        onward=facts.onward,
        expires=facts.expires,
        clause=clause,
        parts=parts,
        digest=digest(said, facts.revision),
    )


def digest(header: Mapping[str, Any], revision: int) -> str:
    """What a header says of the record's `revision`, in short: while it stays, nothing is to be written."""
    shown = {
        **{name: header[name] for name in ("kind", "topics", "regions", "tlp", "onward")},
        "expires": header.get("expires"),
        "clause": header.get("clause"),
        "revision": revision,
        "parts": sorted(header["parts"]),
    }
    return hash_name(sha256(canonical.encode(shown)).digest())
