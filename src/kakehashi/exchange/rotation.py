"""What the next version of a key set says, and the request by which it travels to the offline root keys."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kakehashi.errors import Conflict, KakehashiError, LogError
from kakehashi.exchange import keyset
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.own import newest
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import stamp
from kakehashi.signing.keys import PrivateKey

Document = dict[str, Any]
Row = tuple[str, str]  # use, public key
TYPE = "kx.keyset-request"


@dataclass(frozen=True)
class Request:
    """A next version on its way to be signed: the one that it follows, and itself with the proofs so far."""

    former: KeySet | None
    document: Document
    keys: KeySet

    @property
    def signed_by(self) -> set[str]:
        """The root keys, old and new, that have signed."""
        return keyset.signers(self.document, self.roots)

    @property
    def roots(self) -> list[str]:
        """All root keys that may sign, old and new, sorted."""
        return sorted({*self.keys.roots, *(self.former.roots if self.former else ())})

    @property
    def missing(self) -> int:
        """How many signatures are missing at least, of the old roots or the new ones."""
        sets = [self.keys, *([self.former] if self.former else [])]
        return max(0, *(each.threshold - len(self.signed_by & set(each.roots)) for each in sets))


def following(
    known: KeySet,
    *,
    base: str,
    now: datetime,
    add: Mapping[str, Row] | None = None,
    revoke: Collection[Mapping[str, Any]] = (),
    roots: Collection[str] | None = None,
    threshold: int | None = None,
) -> Document:
    """The unsigned version after `known`: valid for 400 days from now, with keys added and revoked.

    Old keys stay listed, for what they signed before the switch. Of http keys, which sign nothing that lasts,
    only the one before the newest does.
    """
    gone = {row["id"] for row in revoke}
    keys = {name: row for name, row in {**known.keys, **(add or {})}.items() if name not in gone}
    spent = _spent(keys)
    return keyset.build(
        node=known.node,
        base=base,
        root=known.roots if roots is None else roots,
        threshold=known.threshold if threshold is None else threshold,
        keys={name: row for name, row in keys.items() if name not in spent},
        revoked=[
            *known.revoked.values(),
            *revoke,
            *(revoked(name, now, keyset.SUPERSEDED) for name in spent),
        ],
        now=now,
        version=known.version + 1,
        prev=known.hash,
    )


def revoked(
    key_id: str, since: datetime, reason: str, last_good: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """A row of `revoked`. `last_good` maps a channel's name to the last index that the owner stands by."""
    rows = [{"channel": channel, "i": index} for channel, index in sorted((last_good or {}).items())]
    return {"id": key_id, "since": stamp(since), "reason": reason, "last_good": rows}


def _spent(keys: Mapping[str, Row]) -> list[str]:
    """http keys older than the one before the newest."""
    ids = sorted(
        (name for name, (use, _) in keys.items() if use == "http"), key=lambda n: newest("http", [n])
    )
    return ids[:-2]


def with_proof(document: Document, root: PrivateKey, roots: list[str], now: datetime) -> Document:
    """The document with one proof more. A root key is called by its place among `roots`, which are sorted."""
    method = keyset.key_id(document["node"], f"root-{roots.index(root.public) + 1}")
    made = proof.sign(document, root, method=method, created=now)
    return {**document, "proof": [*document.get("proof", ()), made]}


def write_request(known: KeySet | None, document: Document) -> bytes:
    """Canonical bytes of a request, with the version that is known so that the signer sees what changes."""
    former = canonical.decode(known.data, limit=keyset.MAX_BYTES) if known else None
    whole = {"type": TYPE, "v": 1, "former": former, "keyset": {"proof": [], **document}}
    return canonical.encode(whole)


def read_request(data: bytes) -> Request:
    """The request of bytes from a file; Conflict says in words why it is none, or must not be signed."""
    try:
        whole = canonical.decode(data, limit=3 * keyset.MAX_BYTES)
        former, document = whole["former"], whole["keyset"]
        node = str(document["node"])
        known = keyset.read(canonical.encode(former), node=node)[1] if former else None
        _, keys = keyset.read(canonical.encode(document), node=node)
        right = whole["type"] == TYPE and whole["v"] == 1
    except LogError as e:
        raise Conflict(f"The key set in this file is not in order: {e.detail}.") from e
    except (KakehashiError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise Conflict("This file is not a request that «kakehashi keys» has written.") from e
    if not right:
        raise Conflict("This file is not a request that «kakehashi keys» has written.")
    _check_steps(known, keys, former)
    return Request(known, document, keys)


def _check_steps(known: KeySet | None, keys: KeySet, former: Document | None) -> None:
    try:
        if known and former:
            keyset.check_signed(former, known.roots, known.threshold)
            keyset.check_successor(known, keys)
        elif keys.version != 1:
            raise LogError("keyset-rollback", "it is not the first version, and says not what it follows")
    except LogError as e:
        raise Conflict(f"This request must not be signed: {e.detail}.") from e


def sign_request(request: Request, root: PrivateKey, now: datetime) -> Request:
    """The request with the proof of one root key more; Conflict if that key has nothing to do with it."""
    if root.public not in request.roots:
        raise Conflict(f"{root.public} is no root key of {request.keys.node}, neither an old nor a new one.")
    if root.public in request.signed_by:
        return request
    document = with_proof(request.document, root, request.roots, now)
    return Request(
        request.former, document, keyset.read(canonical.encode(document), node=request.keys.node)[1]
    )


def changes(former: KeySet | None, keys: KeySet) -> list[str]:
    """What a version changes, one English sentence each, for whoever signs it."""
    old = former.keys if former else {}
    said = [f"new {use} key {_short(name)}" for name, (use, _) in keys.keys.items() if name not in old]
    said += [f"{_short(name)} is no longer listed" for name in old if name not in keys.keys]
    for name, row in keys.revoked.items():
        if not former or name not in former.revoked:
            good = ", ".join(f"entry {each['i']} of {each['channel']}" for each in row["last_good"])
            said.append(
                f"{_short(name)} is revoked ({row['reason']})" + (f"; good until {good}" if good else "")
            )
    if former and set(former.roots) != set(keys.roots):
        said += [f"new root key {public}" for public in keys.roots if public not in former.roots]
        said += [f"root key {public} counts no longer" for public in former.roots if public not in keys.roots]
    if former and former.threshold != keys.threshold:
        said.append(f"{keys.threshold} of {len(keys.roots)} root keys must sign from now on")
    if former and former.base != keys.base:
        said.append(f"the exchange moves to {keys.base}")
    return [*said, f"valid until {keys.not_after:%Y-%m-%d}"]


def _short(key_id: str) -> str:
    return key_id.partition("#")[2]
