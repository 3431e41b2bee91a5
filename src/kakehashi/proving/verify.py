"""Judges a bundle alone: no node, no database, no network, nothing trusted but the bytes and mathematics.

Whoever reads the result compares the root keys' fingerprints with those that the parties made known; all else
follows from the signatures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kakehashi.agreements import document as documents
from kakehashi.agreements.decide import Deny, decide
from kakehashi.agreements.signatures import signers
from kakehashi.agreements.terms import State, standing
from kakehashi.errors import InvalidInput, KakehashiError, LogError, NotProven, RecordError
from kakehashi.exchange import checkpoint as checkpoints
from kakehashi.exchange import header as headers
from kakehashi.exchange import keyset as keysets
from kakehashi.exchange.checkpoint import Checkpoint
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import leaf_hash
from kakehashi.exchange.verify import verify_header
from kakehashi.proving import bundle as bundles
from kakehashi.proving.merkle import check_inclusion
from kakehashi.signing import canonical
from kakehashi.signing.commit import SALT_BYTES, commitment, from_base64url, parse_stamp
from kakehashi.signing.keys import fingerprint
from kakehashi.signing.proof import document_hash

Document = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A signed head that holds the entry; `by` cosigned it at `at`, or nobody did ("" and None)."""

    size: int
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Proven:
    """What a bundle shows. `parts` are the payloads whose commitments fit; `absent` those not enclosed.

    `fingerprints`: those of the root keys that everything rests on, by node. `covered`: clauses that let the
    record cross; empty for entries that are no put.
    """

    header: Document
    index: int
    channel: str
    agreement: Document
    agreement_hash: str
    fingerprints: Mapping[str, Sequence[str]]
    signed_with: str
    parts: Mapping[str, Document]
    absent: Sequence[str]
    covered: Sequence[str]
    seen: Sequence[Seen]


def verify(data: bytes) -> Proven:
    """What the bundle proves; NotProven says the first thing that does not hold."""
    bundle = bundles.read(data)
    try:
        return _judge(bundle)
    except NotProven:
        raise
    except (KakehashiError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise NotProven(f"not a proof: {e}"[:300]) from e


def _judge(bundle: Document) -> Proven:
    versions = _agreements(bundle["agreements"])
    header = bundle["entry"]
    lineage = next(iter(versions))
    agreement = _agreement_of(header, versions, lineage)
    roots = {party["node"]: party["root"] for party in agreement["parties"]}
    chains = {node: _chain(bundle["keysets"], node, versions.values()) for node in roots}
    origin = _chain_of(chains, header["origin"])
    index, seen = _places(bundle["proofs"], header, chains)
    parts = _parts(header, bundle["parts"])
    return Proven(
        header=header,
        index=index,
        channel=header["channel"],
        agreement=agreement,
        agreement_hash=header["agreement"],
        fingerprints={node: [fingerprint(key) for key in keys] for node, keys in roots.items()},
        signed_with=_signed_with(header, index, origin),
        parts=parts,
        absent=sorted(set(_committed(header)) - set(parts)),
        covered=_covered(header, agreement, lineage),
        seen=seen,
    )


def _agreements(signed: Sequence[Document]) -> dict[str, Document]:
    """All versions by hash, the first one first: each signed by all its parties, each following the last."""
    found: dict[str, Document] = {}
    for number, document in enumerate(signed, 1):
        try:
            documents.check(document)
            by = signers(document, document["proof"])
        except (InvalidInput, KeyError) as e:
            raise NotProven(f"version {number} of the agreement is not what its parties signed") from e
        missing = {party["node"] for party in document["parties"]} - by.keys()
        _must(not missing, f"the agreement is not signed by {', '.join(sorted(missing))}")
        before = next(reversed(found), None)
        _must(
            (document["version"], document["prev"]) == (number, before),
            f"version {number} of the agreement does not follow the one before",
        )
        found[document_hash(document)] = document
    return found


def _agreement_of(header: Document, versions: Mapping[str, Document], lineage: str) -> Document:
    try:
        headers.check(header)
        origin = headers.origin_of(header["channel"])
    except RecordError as e:
        raise NotProven(f"the entry has no proper form: {e.detail}") from e
    agreement = versions.get(header["agreement"])
    _must(agreement is not None, "the entry names another agreement than the one enclosed")
    epoch = int(header["channel"].rpartition("/")[2])
    named = documents.channel_name(origin, lineage, epoch)
    _must(header["channel"] == named, "the entry's log is not one of this agreement")
    _must(header["origin"] == origin, "the entry comes from another node than its log")
    return agreement or {}


def _chain(rows: Iterable[Document], node: str, versions: Iterable[Document]) -> list[KeySet]:
    """The key sets of a node that its root key, as the agreement has it, vouches for; oldest first."""
    agreed = [party["root"] for version in versions if (party := documents.party(version, node))]
    chain: list[KeySet] = []
    for row in rows:
        if row.get("node") != node:
            continue
        data = canonical.encode(row)
        if chain:
            following = keysets.parse(data, node=node, roots=chain[-1].roots, threshold=chain[-1].threshold)
            keysets.check_successor(chain[-1], following)
            chain.append(following)
        else:
            chain += _first(data, node, agreed)
    return chain


def _first(data: bytes, node: str, agreed: Iterable[Sequence[str]]) -> list[KeySet]:
    """The key set if a root key of the agreement signed it; older ones, of a root before, do not count."""
    for roots in agreed:
        try:
            return [keysets.parse(data, node=node, roots=roots)]
        except LogError:
            continue
    return []


def _chain_of(chains: Mapping[str, list[KeySet]], node: str) -> list[KeySet]:
    _must(node in chains, f"{node} is no party of the agreement")
    _must(bool(chains[node]), f"no key set of {node} is signed by its root key in the agreement")
    return chains[node]


def _signed_with(header: Document, index: int, chain: Sequence[KeySet]) -> str:
    """The key that signed the header, if the origin vouches for it at this index."""
    key = header["proof"].get("verificationMethod")
    _must(index <= chain[-1].vouched(key, header["channel"]), f"the key {key} was revoked before this entry")
    for keyset in reversed(chain):
        try:
            verify_header(header, keyset)
        except RecordError:
            continue
        return str(key)
    raise NotProven("the entry is not signed by a record key of its origin")


def _places(
    proofs: Sequence[str], header: Document, chains: Mapping[str, list[KeySet]]
) -> tuple[int, list[Seen]]:
    """The index of the entry, and the signed heads that hold it there."""
    leaf, found = leaf_hash(canonical.encode(header)), []
    indices = set()
    for text in proofs:
        index, path, note = bundles.read_tlog_proof(text)
        head = checkpoints.parse(note)
        _must(head.origin == header["channel"], "the checkpoint is of another log")
        _must_sign(head, _log_keys(_chain_of(chains, header["origin"]), head))
        check_inclusion(leaf, index, head.size, path, head.root)
        indices.add(index)
        found += _cosigners(head, header["origin"], chains) or [Seen(head.size, "", None)]
    _must(len(indices) == 1, "the proofs of inclusion name different places")
    return indices.pop(), sorted(found, key=lambda seen: (seen.size, seen.by))


def _log_keys(chain: Sequence[KeySet], head: Checkpoint) -> list[str]:
    """The log keys that count for a head: of any key set, unless revoked before its last entry."""
    return [
        public
        for keyset in chain
        for key, (use, public) in keyset.keys.items()
        if use == "log" and head.size - 1 <= chain[-1].vouched(key, head.origin)
    ]


def _must_sign(head: Checkpoint, keys: Iterable[str]) -> None:
    try:
        checkpoints.verify_signature(head, keys)
    except LogError as e:
        raise NotProven("the checkpoint is not signed by a log key of the origin") from e


def _cosigners(head: Checkpoint, origin: str, chains: Mapping[str, list[KeySet]]) -> list[Seen]:
    """Which other parties signed this head, and when by their clocks; one that does not verify is a lie."""
    found = []
    for name in sorted({name for name, _ in head.signatures} & (chains.keys() - {origin})):
        try:
            seconds = checkpoints.verify_cosignature(head, name, _log_keys(_chain_of(chains, name), head))
        except LogError as e:
            raise NotProven(f"the receipt is not signed by a log key of {name}") from e
        found.append(Seen(head.size, name, datetime.fromtimestamp(seconds, tz=UTC)))
    return found


def _committed(header: Document) -> Mapping[str, str]:
    return header["parts"] if header["op"] == "put" else {}


def _parts(header: Document, parts: Mapping[str, Document]) -> dict[str, Document]:
    for name, part in parts.items():
        wanted, salt = _committed(header).get(name), from_base64url(part["salt"])
        fits = len(salt) == SALT_BYTES and commitment(salt, part["data"]) == wanted
        _must(fits, f"the part «{name}» is not what the entry commits to")
    return {name: part["data"] for name, part in parts.items()}


def _covered(header: Document, agreement: Document, lineage: str) -> Sequence[str]:
    """The clauses that let a put go to the other parties."""
    if header["op"] != "put":
        return ()
    in_force = standing(agreement, hash=header["agreement"], lineage=lineage, state=State.ACTIVE)
    clauses: Sequence[str] = ()
    for party in agreement["parties"]:
        if party["node"] != header["origin"]:
            answer = decide(header, in_force, parse_stamp(header["issued"]), party["node"])
            if isinstance(answer, Deny):
                raise NotProven(f"the agreement does not let this go to {party['node']}: {answer.code}")
            clauses = answer.clauses
    return clauses


def _must(condition: bool, detail: str) -> None:
    if not condition:
        raise NotProven(detail)
