"""Compares two signed heads of one log: two roots of one size prove that its origin told two stories."""

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from kakehashi.errors import KakehashiError, LogError, NotProven
from kakehashi.exchange import checkpoint as checkpoints
from kakehashi.exchange import keyset as keysets
from kakehashi.exchange.checkpoint import Checkpoint
from kakehashi.proving import bundle
from kakehashi.proving.merkle import check_consistency
from kakehashi.signing import canonical


class Finding(StrEnum):
    """What two heads of one log say of its origin."""

    SAME = "same"
    GROWN = "grown"
    DIFFERENT_SIZES = "different-sizes"
    EQUIVOCATION = "equivocation"


@dataclass(frozen=True)
class Comparison:
    """Two heads of one log. `signed`: both carry a signature by a log key of the key sets that were given."""

    finding: Finding
    one: Checkpoint
    other: Checkpoint
    signed: bool


def compare(one: bytes, other: bytes, given: Iterable[bytes] = ()) -> Comparison:
    """Compare the heads in two files: notes, receipts, bundles, proofs of growth.

    `given` are key sets of the origin.

    NotProven if the files hold no heads of one log, or one that the given key sets do not vouch for.
    """
    first, second = _head(one), _head(other)
    if first.origin != second.origin:
        raise NotProven(f"these are heads of two logs: {first.origin} and {second.origin}")
    node = first.origin.partition("/")[0]
    keys = _log_keys([*given, *_enclosed(one), *_enclosed(other)], node)
    for head in (first, second) if keys else ():
        try:
            checkpoints.verify_signature(head, keys)
        except LogError as e:
            raise NotProven(f"the head of size {head.size} is not signed by a log key of {node}") from e
    older, newer = sorted([(first, one), (second, other)], key=lambda each: each[0].size)
    return Comparison(_finding(older[0], newer[0], newer[1]), older[0], newer[0], bool(keys))


def _finding(older: Checkpoint, newer: Checkpoint, data: bytes) -> Finding:
    """`data`: the file of the newer head, which may hold the path from the older one."""
    if older.size == newer.size:
        return Finding.SAME if older.root == newer.root else Finding.EQUIVOCATION
    document = _json(data) or {}
    if document.get("type") != "kx.growth" or document.get("first") != older.size:
        return Finding.DIFFERENT_SIZES
    try:
        path = [b64decode(hash, validate=True) for hash in document["path"]]
    except (ValueError, TypeError, KeyError) as e:
        raise NotProven("this is no proof of growth") from e
    check_consistency(older.size, newer.size, path, older.root, newer.root)
    return Finding.GROWN


def _head(data: bytes) -> Checkpoint:
    """The head in a note, a receipt or a bundle (there the largest)."""
    document = _json(data)
    try:
        if document is None:
            return checkpoints.parse(data.decode())
        if document.get("type") == "kx.proof":
            notes = [bundle.read_tlog_proof(text)[2] for text in bundle.read(data)["proofs"]]
            return max(map(checkpoints.parse, notes), key=lambda head: head.size)
        return checkpoints.parse(document.get("checkpoint", ""))
    except (LogError, UnicodeDecodeError) as e:
        raise NotProven("this is neither a checkpoint nor a receipt nor a proof") from e


def _enclosed(data: bytes) -> list[bytes]:
    """The key sets that a proof carries."""
    document = _json(data) or {}
    rows = document.get("keysets", []) if document.get("type") in ("kx.proof", "kx.growth") else []
    return [canonical.encode(row) for row in rows]


def _log_keys(given: Iterable[bytes], node: str) -> list[str]:
    """All log keys of the key sets of `node`, each signed by its own root: the reader checks that one."""
    found = []
    for data in given:
        document = _json(data)
        if document is None or document.get("node") != node:
            continue
        try:
            roots = document["root"]["keys"]
            found += keysets.parse(data.strip(), node=node, roots=roots).all_of("log")
        except (KakehashiError, KeyError, TypeError) as e:
            raise NotProven(f"a key set of {node} is not signed by its root key") from e
    return found


def _json(data: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if type(value) is dict else None
