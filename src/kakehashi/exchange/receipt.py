"""Receipts: what the receiver has durably applied, cosigned, and what it could not accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.errors import ExchangeError, LogError, NotCanonical
from kakehashi.exchange import checkpoint as checkpoints
from kakehashi.exchange.checkpoint import Checkpoint
from kakehashi.exchange.keyset import KeySet
from kakehashi.signing import canonical

MAX_BYTES = 262_144
MAX_REJECTED = 2000


@dataclass(frozen=True)
class Receipt:
    """A verified receipt. `rejected` are (index, code); `at` seconds since 1970, by the receiver's clock."""

    channel: str
    size: int
    root: bytes
    at: int
    erased: tuple[int, ...]
    rejected: tuple[tuple[int, str], ...]
    data: bytes


def build(checkpoint: Checkpoint, *, erased: Sequence[int], rejected: Sequence[tuple[int, str]]) -> bytes:
    """Canonical bytes of the receipt for a cosigned checkpoint; of more than 2,000 rejections the newest."""
    rows = [{"i": index, "code": code} for index, code in sorted(rejected)[-MAX_REJECTED:]]
    return canonical.encode(
        {
            "type": "kx.receipt",
            "v": 1,
            "channel": checkpoint.origin,
            "checkpoint": checkpoint.note,
            "erased": sorted(erased)[-MAX_REJECTED:],
            "rejected": rows,
        }
    )


def parse(data: bytes, *, channel: str, peer: str, peer_keys: KeySet, own_log_keys: Sequence[str]) -> Receipt:
    """The receipt of canonical bytes: our own checkpoint, cosigned by `peer`. ExchangeError otherwise."""
    try:
        document = canonical.decode(data, limit=MAX_BYTES)
    except NotCanonical as e:
        raise ExchangeError("not-canonical", str(e)[:200]) from e
    if not _shaped(document) or document["channel"] != channel:
        raise ExchangeError("bad-request", "not a receipt for this channel")
    try:
        noted = checkpoints.parse(document["checkpoint"])
        if noted.origin != channel:
            raise LogError("checkpoint-sig", "of another log")
        checkpoints.verify_signature(noted, own_log_keys)
    except LogError as e:
        raise ExchangeError("bad-request", e.detail) from e
    try:
        seconds = checkpoints.verify_cosignature(noted, peer, peer_keys.all_of("log"))
    except LogError as e:
        raise ExchangeError("key-unknown", e.detail) from e
    rejected = tuple((row["i"], row["code"]) for row in document["rejected"])
    return Receipt(channel, noted.size, noted.root, seconds, tuple(document["erased"]), rejected, data)


def own_size(data: bytes, *, channel: str, node: str, keys: Sequence[str]) -> int:
    """The size that `node`, by one of its log `keys`, once cosigned in a channel; 0 if this shows none."""
    try:
        document = canonical.decode(data, limit=MAX_BYTES)
        noted = checkpoints.parse(document["checkpoint"]) if _shaped(document) else None
        if noted is None or noted.origin != channel:
            return 0
        checkpoints.verify_cosignature(noted, node, keys)
    except (NotCanonical, LogError):
        return 0
    return noted.size


def _shaped(document: Any) -> bool:
    members = {"type", "v", "channel", "checkpoint", "erased", "rejected"}
    if type(document) is not dict or document.keys() != members or document["type"] != "kx.receipt":
        return False
    erased, rejected = document["erased"], document["rejected"]
    if (
        type(document["v"]) is not int
        or document["v"] != 1
        or type(erased) is not list
        or type(rejected) is not list
    ):
        return False
    return (
        len(erased) <= MAX_REJECTED
        and len(rejected) <= MAX_REJECTED
        and all(_index(i) for i in erased)
        and all(
            type(row) is dict and row.keys() == {"i", "code"} and _index(row["i"]) and _code(row["code"])
            for row in rejected
        )
    )


def _index(value: Any) -> bool:
    return type(value) is int and value >= 0


def _code(value: Any) -> bool:
    return (
        type(value) is str and 0 < len(value) <= 40 and value.replace("-", "").isalnum() and value.isascii()
    )
