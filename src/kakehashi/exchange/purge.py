"""Statements at the end of an agreement: which copies a reader has deleted, signed with its record key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kakehashi.errors import BadProof, ExchangeError, LogError, NotCanonical, SigningError
from kakehashi.exchange import checkpoint as checkpoints
from kakehashi.exchange.checkpoint import Checkpoint
from kakehashi.exchange.header import KINDS, Signer
from kakehashi.exchange.keyset import KeySet
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import parse_stamp, stamp

MAX_BYTES = 16_384
_MEMBERS = {"type", "v", "channel", "agreement", "by", "checkpoint", "deleted", "kept", "issued", "proof"}


@dataclass(frozen=True)
class Statement:
    """A verified statement. `deleted`, `kept`: records by kind; the agreement says what may be kept."""

    size: int
    root: bytes
    at: datetime
    deleted: dict[str, int]
    kept: dict[str, int]


def build(
    reached: Checkpoint,
    *,
    agreement: str,
    by: str,
    deleted: Mapping[str, int],
    kept: Mapping[str, int],
    signer: Signer,
    now: datetime,
) -> bytes:
    """Canonical bytes of the statement; `reached` is the last checkpoint applied, cosigned by the reader."""
    document = {
        "type": "kx.purge",
        "v": 1,
        "channel": reached.origin,
        "agreement": agreement,
        "by": by,
        "checkpoint": reached.note,
        "deleted": dict(deleted),
        "kept": dict(kept),
        "issued": stamp(now),
    }
    signed = proof.sign(document, signer.key, method=signer.key_id, created=now)
    return canonical.encode({**document, "proof": signed})


def parse(
    data: bytes, *, channel: str, peer: str, peer_keys: KeySet, own_log_keys: Sequence[str]
) -> Statement:
    """The statement of `peer` for an own channel; ExchangeError if it is none."""
    try:
        document = canonical.decode(data, limit=MAX_BYTES)
    except NotCanonical as e:
        raise ExchangeError("not-canonical", str(e)[:200]) from e
    if not _shaped(document) or document["channel"] != channel or document["by"] != peer:
        raise ExchangeError("bad-request", "not a statement for this channel")
    try:
        method = document["proof"].get("verificationMethod")
        public = peer_keys.public(method, "record") if isinstance(method, str) else None
        if public is None or method in peer_keys.revoked:
            raise BadProof("no record key of the reader has this id")
        proof.verify(document, document["proof"], public)
        reached = checkpoints.parse(document["checkpoint"])
        if reached.origin != channel:
            raise LogError("checkpoint-sig", "of another log")
        checkpoints.verify_signature(reached, own_log_keys)
        checkpoints.verify_cosignature(reached, peer, peer_keys.all_of("log"))
    except (BadProof, SigningError, LogError) as e:
        raise ExchangeError("bad-request", str(e)[:200]) from e
    at = parse_stamp(document["issued"])
    return Statement(reached.size, reached.root, at, document["deleted"], document["kept"])


def _shaped(document: Any) -> bool:
    if type(document) is not dict or document.keys() != _MEMBERS:
        return False
    if document["type"] != "kx.purge" or type(document["v"]) is not int or document["v"] != 1:
        return False
    texts = all(type(document[name]) is str for name in ("agreement", "checkpoint", "issued"))
    return texts and type(document["proof"]) is dict and _moment(document["issued"]) and _counts(document)


def _counts(document: dict[str, Any]) -> bool:
    return all(
        type(counts) is dict
        and counts.keys() <= set(KINDS)
        and all(type(number) is int and number >= 0 for number in counts.values())
        for counts in (document["deleted"], document["kept"])
    )


def _moment(text: str) -> bool:
    try:
        parse_stamp(text)
    except ValueError:
        return False
    return True
