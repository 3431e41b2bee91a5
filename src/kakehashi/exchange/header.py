"""Headers: the signed and logged half of every entry (EXCHANGE.md section 5), built and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from kakehashi.errors import RecordError
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import parse_stamp, stamp
from kakehashi.signing.keys import PrivateKey

MAX_BYTES = 32_768
PARTS = ("body", "person")
KINDS = (
    *("organisation", "offer", "request", "development", "academic", "practice"),
    *("interest", "reply", "outcome", "confirmation", "comment", "mission", "tally", "term"),
)
KNOWN_MAJOR = 1

_HASH = re.compile(r"sha256-[A-Za-z0-9_-]{43}")
_ID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SCHEMA = re.compile(r"([a-z_]{1,40})/([1-9][0-9]{0,5})")
_CODE = re.compile(r"[A-Za-z0-9_*-]{1,60}")
_CHANNEL = re.compile(r"([a-z0-9.-]{1,253})/kx/[0-9a-f]{16}/(0|[1-9][0-9]{0,5})")

Header = dict[str, Any]


@dataclass(frozen=True)
class Signer:
    """The origin's record key and the id under which others know it."""

    key: PrivateKey
    key_id: str


@dataclass(frozen=True)
class Place:
    """What every header of one channel shares."""

    origin: str
    channel: str
    agreement: str


def origin_of(channel: str) -> str:
    """The node that a channel's name begins with; RecordError (wrong-channel) if it is no channel's name."""
    found = _CHANNEL.fullmatch(channel)
    if not found:
        raise RecordError("wrong-channel", channel[:80])
    return found[1]


def put(
    place: Place,
    *,
    id: UUID,
    rev: int,
    prev: str | None,
    kind: str,
    topics: list[str],
    regions: list[str],
    tlp: str,
    onward: str,
    expires: datetime | None,
    clause: str | None,
    parts: Mapping[str, str],
    now: datetime,
) -> Header:
    """Unsigned header of a new revision. `parts` maps part name to commitment."""
    optional = {"expires": stamp(expires) if expires else None, "clause": clause}
    return {
        **_base(place, "put", now),
        **_chain(id, rev, prev),
        "kind": kind,
        "schema": f"{kind}/{KNOWN_MAJOR}",
        "topics": topics,
        "regions": regions,
        "tlp": tlp,
        "onward": onward,
        "parts": dict(parts),
        **{name: value for name, value in optional.items() if value is not None},
    }


def withdraw(place: Place, *, id: UUID, rev: int, prev: str, reason: str, now: datetime) -> Header:
    """Unsigned header that takes a record back."""
    return {**_base(place, "withdraw", now), **_chain(id, rev, prev), "reason": reason}


def erase(
    place: Place,
    *,
    id: UUID,
    rev: int,
    prev: str,
    parts: list[str],
    basis: str,
    deadline: datetime,
    now: datetime,
) -> Header:
    """Unsigned header that has the named parts of all revisions destroyed on both sides."""
    facts = {"parts": parts, "basis": basis, "deadline": stamp(deadline)}
    return {**_base(place, "erase", now), **_chain(id, rev, prev), **facts}


def keyset(place: Place, *, hash: str, now: datetime) -> Header:
    """Unsigned header after which the key set of that hash is in force; the first entry of every channel."""
    return {**_base(place, "keyset", now), "keyset": hash}


def agreement(place: Place, *, now: datetime) -> Header:
    """Unsigned header at which the version named in `place` comes into force."""
    return _base(place, "agreement", now)


def end(place: Place, *, reason: str, now: datetime) -> Header:
    """Unsigned header that closes the channel."""
    return {**_base(place, "end", now), "reason": reason}


def signed(header: Header, signer: Signer, now: datetime) -> bytes:
    """Canonical bytes of the header with its proof: what is logged."""
    data = canonical.encode(
        {**header, "proof": proof.sign(header, signer.key, method=signer.key_id, created=now)}
    )
    if len(data) > MAX_BYTES:
        raise RecordError("too-large", f"header of {len(data)} bytes")
    return data


def record_id(header: Header) -> UUID:
    """The record that a checked header is about."""
    return _record_id(header["id"])


@lru_cache(maxsize=4096)  # each entry of a page is asked several times
def _record_id(id: str) -> UUID:
    return UUID(id.removeprefix("urn:uuid:"))


def names_a_record(header: Header) -> bool:
    """True if it says in the right form which revision of which record it is about; the rest may be wrong."""
    return "prev" in header and all(test(header.get(name)) for name, test in _RECORD.items())


def check(header: Header) -> None:
    """RecordError (schema-invalid) unless the header has the shape of its operation. Unknown members pass."""
    problem = _problem(header)
    if problem:
        raise RecordError("schema-invalid", problem)


def check_schema(header: Header) -> None:
    """Raise RecordError (schema-unknown) for a kind or a major version that this node does not know."""
    found = _SCHEMA.fullmatch(header["schema"])
    if header["kind"] not in KINDS or not found or found[1] != header["kind"] or int(found[2]) > KNOWN_MAJOR:
        raise RecordError("schema-unknown", header["schema"][:60])


def _base(place: Place, op: str, now: datetime) -> Header:
    origin = {"origin": place.origin, "channel": place.channel, "agreement": place.agreement}
    return {"v": 1, "op": op, **origin, "issued": stamp(now)}


def _chain(id: UUID, rev: int, prev: str | None) -> Header:
    return {"id": f"urn:uuid:{id}", "rev": rev, "prev": prev}


def _problem(header: Header) -> str:
    shape = _SHAPES.get(header.get("op")) if isinstance(header.get("op"), str) else None
    if shape is None:
        return "op"
    for name, test in shape.items():
        if name not in header:
            if name not in _OPTIONAL:
                return f"{name} is missing"
        elif not test(header[name]):
            return name
    if "rev" in shape and (header["rev"] == 1) != (header["prev"] is None):
        return "prev"
    return ""


def _text(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= 300


def _moment(value: Any) -> bool:
    try:
        parse_stamp(value)
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Any:
    fullmatch = pattern.fullmatch
    return lambda value: type(value) is str and fullmatch(value) is not None


_is_code, _is_hash = _matches(_CODE), _matches(_HASH)


def _codes(value: Any) -> bool:
    return type(value) is list and len(value) <= 100 and all(map(_is_code, value))


def _part_names(value: Any) -> bool:
    return value in (["body"], ["person"], ["body", "person"])


def _commitments(value: Any) -> bool:
    return type(value) is dict and len(value) <= 8 and all(map(_is_hash, value.values()))


_COMMON = {
    "v": lambda value: type(value) is int and value == 1,
    "origin": _text,
    "channel": _matches(_CHANNEL),
    "agreement": _is_hash,
    "issued": _moment,
    "proof": lambda value: type(value) is dict,
}
_RECORD = {
    "id": _matches(_ID),
    "rev": lambda value: type(value) is int and value >= 1,
    "prev": lambda value: value is None or _is_hash(value),
}
_PUT = {
    "kind": _is_code,
    "schema": _text,
    "topics": _codes,
    "regions": _codes,
    "tlp": lambda value: value in ("CLEAR", "GREEN", "AMBER", "RED"),
    "onward": lambda value: value in ("none", "members", "public"),
    "expires": _moment,
    "clause": _is_code,
    "parts": _commitments,
}
_SHAPES: dict[Any, dict[str, Any]] = {
    "put": {**_COMMON, **_RECORD, **_PUT},
    "withdraw": {**_COMMON, **_RECORD, "reason": _text},
    "erase": {**_COMMON, **_RECORD, "parts": _part_names, "basis": _text, "deadline": _moment},
    "keyset": {**_COMMON, "keyset": _is_hash},
    "agreement": _COMMON,
    "end": {**_COMMON, "reason": _text},
}
_OPTIONAL = {"expires", "clause"}
