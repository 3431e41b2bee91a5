"""The key set of a node: made, read and trusted by TUF's rules for the root role (EXCHANGE.md section 3)."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import inf
from typing import Any

from kakehashi.errors import BadProof, KakehashiError, LogError, SigningError
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import hash_name, parse_stamp, stamp
from kakehashi.signing.keys import public_bytes

MAX_BYTES = 65_536
LONGEST_LIFE = timedelta(days=400)
TRUSTED_WITHOUT_FETCH = timedelta(days=7)  # the freshness rule of Matrix server keys
REFETCH_AFTER = timedelta(hours=24)
USES = ("record", "log", "http")
PROTOCOL = "kx/1"
COMPROMISED, SUPERSEDED = "compromised", "superseded"  # why a key is revoked

_MEMBERS = {
    "type",
    "v",
    "node",
    "version",
    "prev",
    "issued",
    "not_after",
    "base",
    "protocols",
    "root",
    "keys",
}
_MEMBERS |= {"revoked", "proof"}
_HASH = re.compile(r"sha256-[A-Za-z0-9_-]{43}")
_FRAGMENT = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class KeySet:
    """One verified version. `keys` maps key id to (use, public key); `revoked` maps key id to its row."""

    node: str
    version: int
    hash: str
    prev: str | None
    issued: datetime
    not_after: datetime
    base: str
    roots: tuple[str, ...]
    threshold: int
    keys: Mapping[str, tuple[str, str]]
    revoked: Mapping[str, Mapping[str, Any]]
    data: bytes

    def public(self, key_id: str, use: str) -> str | None:
        """The public key of that id, if it has that use."""
        found = self.keys.get(key_id)
        return found[1] if found and found[0] == use else None

    def all_of(self, use: str) -> list[str]:
        """All public keys of one use."""
        return [public for each, public in self.keys.values() if each == use]

    def vouched(self, key_id: str, channel: str) -> float:
        """The last index of `channel` at which the owner stands by what this key signed; no bound: inf."""
        row = self.revoked.get(key_id)
        if row is None:
            return inf
        for good in row["last_good"]:
            if good["channel"] == channel:
                return int(good["i"])
        return inf if row["reason"] == SUPERSEDED else -1

    def honoured_until(self, fetched: datetime) -> datetime:
        """How long its keys count after the last successful fetch."""
        return min(self.not_after, fetched + TRUSTED_WITHOUT_FETCH)


def key_id(node: str, fragment: str) -> str:
    """The name of a key: `https://<node>/.well-known/kx#<fragment>`."""
    return f"https://{node}/.well-known/kx#{fragment}"


def node_of(key_id: str) -> str | None:
    """The node that a key id names, if it is one."""
    found = re.fullmatch(r"https://([a-z0-9.-]{1,253})/\.well-known/kx#[a-z0-9-]{1,60}", key_id)
    return found[1] if found else None


def build(
    *,
    node: str,
    base: str,
    root: Collection[str],
    keys: Mapping[str, tuple[str, str]],
    now: datetime,
    version: int = 1,
    prev: str | None = None,
    revoked: Collection[Mapping[str, Any]] = (),
    threshold: int = 1,
) -> dict[str, Any]:
    """An unsigned key set valid for 400 days. `keys` maps key id to (use, public key)."""
    rows = [{"id": name, "use": use, "key": public} for name, (use, public) in sorted(keys.items())]
    return {
        "type": "kx.keyset",
        "v": 1,
        "node": node,
        "version": version,
        "prev": prev,
        "issued": stamp(now),
        "not_after": stamp(now + LONGEST_LIFE),
        "base": base,
        "protocols": [PROTOCOL],
        "root": {"threshold": threshold, "keys": sorted(root)},
        "keys": rows,
        "revoked": sorted(revoked, key=lambda row: str(row["id"])),
    }


def parse(data: bytes, *, node: str, roots: Collection[str], threshold: int = 1) -> KeySet:
    """The key set of canonical bytes, signed by `threshold` different keys of `roots`; LogError otherwise.

    `roots` are the keys that this node trusts already: from the agreement, or from the version before. Where
    the set names other roots, or another threshold, those must have signed it too.
    """
    document, found = read(data, node=node)
    check_signed(document, roots, threshold)
    if (set(found.roots), found.threshold) != (set(roots), threshold):
        check_signed(document, found.roots, found.threshold)
    return found


def parse_former(data: bytes, *, follows: KeySet) -> KeySet:
    """The version before `follows`, which names its hash and thereby its roots, whichever they were."""
    document, found = read(data, node=follows.node)
    check_signed(document, found.roots, found.threshold)
    if found.version != follows.version - 1 or found.hash != follows.prev:
        raise LogError("keyset-rollback", f"version {found.version} is not what {follows.version} follows")
    return found


def read(data: bytes, *, node: str) -> tuple[dict[str, Any], KeySet]:
    """Document and key set of canonical bytes, right in shape, by whomever signed; LogError otherwise."""
    try:
        document = canonical.decode(data, limit=MAX_BYTES)
        return document, _read(document, node, data)
    except LogError:
        raise
    except (KakehashiError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise LogError("keyset-invalid", str(e)[:200]) from e


@lru_cache(maxsize=1024)
def stored(data: bytes) -> KeySet:
    """The key set of bytes that `parse` accepted before they were stored."""
    document = canonical.decode(data, limit=MAX_BYTES)
    return _read(document, document["node"], data)


def check_successor(known: KeySet, fetched: KeySet) -> None:
    """LogError (keyset-rollback) unless `fetched` is the known version or the next one, chained to it.

    What was revoked stays revoked, and a name once given to a key is never given to another.
    """
    if fetched.version == known.version and fetched.data == known.data:
        return
    if fetched.version != known.version + 1 or fetched.prev != known.hash or fetched.node != known.node:
        raise LogError("keyset-rollback", f"version {known.version} is known, {fetched.version} came")
    if not known.revoked.keys() <= fetched.revoked.keys():
        raise LogError("keyset-rollback", "a revoked key is no longer revoked")
    if any(fetched.keys[name] != row for name, row in known.keys.items() if name in fetched.keys):
        raise LogError("keyset-rollback", "a key has the name of another")


def _read(document: dict[str, Any], node: str, data: bytes) -> KeySet:
    _must(type(document) is dict and document.keys() >= _MEMBERS, "members")
    _must(document["type"] == "kx.keyset" and _is_int(document["v"]) and document["v"] == 1, "type")
    _must(document["node"] == node, "another node")
    _must(PROTOCOL in document["protocols"], "protocol")
    version, prev = document["version"], document["prev"]
    _must(_is_int(version) and 1 <= version <= 1_000_000, "version")
    _must((prev is None) if version == 1 else bool(_HASH.fullmatch(prev)), "prev")
    issued, not_after = parse_stamp(document["issued"]), parse_stamp(document["not_after"])
    _must(issued < not_after <= issued + LONGEST_LIFE, "not_after")
    base = document["base"]
    _must(
        type(base) is str
        and bool(re.fullmatch(r"https://[a-z0-9.-]{1,253}(/[A-Za-z0-9._/-]{0,200})?", base)),
        "base",
    )
    roots, threshold = _read_root(document["root"])
    keys, revoked = _read_keys(document["keys"], node, roots), _read_revoked(document["revoked"], node)
    _must(not keys.keys() & revoked.keys(), "a key is listed and revoked")
    return KeySet(
        node=node,
        version=version,
        hash=hash_name(hashlib.sha256(canonical.encode(proof.without_proof(document))).digest()),
        prev=prev,
        issued=issued,
        not_after=not_after,
        base=base,
        roots=roots,
        threshold=threshold,
        keys=keys,
        revoked=revoked,
        data=data,
    )


def _read_root(root: dict[str, Any]) -> tuple[tuple[str, ...], int]:
    keys, threshold = root["keys"], root["threshold"]
    _must(type(keys) is list and 1 <= len(keys) <= 16 and _is_int(threshold), "root")
    _must(1 <= threshold <= len(keys), "threshold")
    _must(keys == sorted(set(keys)), "root keys are not sorted or stand twice")
    for public in keys:
        public_bytes(public)
    return tuple(keys), threshold


def _read_keys(rows: list[dict[str, Any]], node: str, roots: Collection[str]) -> dict[str, tuple[str, str]]:
    _must(type(rows) is list and len(rows) <= 64, "keys")
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        _must(row.keys() == {"id", "use", "key"} and row["use"] in USES, "key row")
        _must(row["id"].startswith(key_id(node, "")), "a key of another node")
        _must(bool(_FRAGMENT.fullmatch(row["id"].removeprefix(key_id(node, "")))), "key id")
        public_bytes(row["key"])
        found[row["id"]] = (row["use"], row["key"])
    ids, publics = [row["id"] for row in rows], [row["key"] for row in rows]
    _must(ids == sorted(set(ids)), "key ids are not sorted or stand twice")
    _must(len({*publics, *roots}) == len(publics) + len(roots), "one key has two uses")
    _must({use for use, _ in found.values()} == set(USES), "a use has no key")
    return found


def _read_revoked(rows: list[dict[str, Any]], node: str) -> dict[str, dict[str, Any]]:
    _must(type(rows) is list and len(rows) <= 256, "revoked")
    for row in rows:
        _must({"id", "since", "reason", "last_good"} == row.keys(), "revoked row")
        _must(row["id"].startswith(key_id(node, "")) and type(row["reason"]) is str, "revoked row")
        parse_stamp(row["since"])
        for good in row["last_good"]:
            _must(good.keys() == {"channel", "i"} and type(good["channel"]) is str, "last_good")
            _must(_is_int(good["i"]) and good["i"] >= -1, "last_good")
    ids = [row["id"] for row in rows]
    _must(ids == sorted(set(ids)), "revoked ids are not sorted or stand twice")
    return {row["id"]: row for row in rows}


def check_signed(document: dict[str, Any], roots: Collection[str], threshold: int) -> None:
    """LogError unless `threshold` *different* root keys have signed; one key twice counts once."""
    if threshold < 1 or len(signers(document, roots)) < threshold:
        raise LogError("keyset-invalid", "not signed by the root that is known here")


def signers(document: dict[str, Any], roots: Collection[str]) -> set[str]:
    """Those of `roots` by which the document carries a signature that verifies."""
    proofs = document["proof"]
    if type(proofs) is not list or len(proofs) > 32:
        raise LogError("keyset-invalid", "proof")
    return {public for public in roots for one in proofs if _verifies(document, one, public)}


def _verifies(document: dict[str, Any], one: Any, public: str) -> bool:
    try:
        proof.verify(document, one, public)
    except (BadProof, SigningError):
        return False
    return True


def _is_int(value: Any) -> bool:
    return type(value) is int


def _must(condition: bool, detail: str) -> None:
    if not condition:
        raise LogError("keyset-invalid", detail)
