"""Golden files: one small exchange from fixed keys, salts and times; the same bytes everywhere, for ever.

`python -m tests.exchange.golden` writes conformance/golden/ and the examples of PROTOCOL.md.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from kakehashi.agreements import document as documents
from kakehashi.agreements import signatures
from kakehashi.agreements.document import channel_name
from kakehashi.exchange import checkpoint, header, keyset, purge, receipt, rotation
from kakehashi.exchange.header import Place, Signer
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Part, build_line, build_trailer
from kakehashi.exchange.verify import header_hash
from kakehashi.proving import bundle, merkle
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import commitment
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.proof import document_hash

TOP = Path(__file__).resolve().parents[2]
FOLDER, PAPER = TOP / "conformance" / "golden", TOP / "PROTOCOL.md"
EXAMPLE = re.compile(r"(<!-- example: ([a-z-]+) -->\n```\w*\n)(.*?)(?=\n```)", re.S)
NODE, PEER = "munich.example", "osaka.example"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROOT, RECORD, LOG, HTTP, WITNESS, PEER_ROOT, PEER_RECORD, PEER_HTTP = (
    PrivateKey.from_seed(bytes([n] * 32)) for n in range(1, 9)
)


def _party(node: str, country: str, region: str, root: PrivateKey) -> dict[str, Any]:
    side = node.partition(".")[0]
    return {
        "node": node,
        "name": {"en": f"Demonstration node {side.title()}"},
        "country": country,
        "sector": "private",
        "root": [root.public],
        "contact": f"mailto:exchange@{node}",
        "place": {"en": side.title()},
        "region_name": {"en": region},
        "side": side,
    }


def _grant(sender: str, receiver: str, region: str) -> dict[str, Any]:
    return {
        "from": sender,
        "to": [receiver],
        "kinds": ["offer", "request"],
        "topics": ["*"],
        "regions": [region],
        "tlp_max": "AMBER",
        "parts": ["body"],
        "onward": "members",
        "clauses": ["c1"],
    }


def _agreement() -> dict[str, Any]:
    """Written out, so that no change of the template's wording changes these files."""
    clause = {"id": "c1", "title": {"en": "Offer and request"}, "text": {"en": "The parties share both."}}
    document = {
        "type": "kx.agreement",
        "v": 1,
        "id": "urn:uuid:0b9d6c1e-5a1f-4a3e-9a70-2f6f3c1e7a10",
        "version": 1,
        "prev": None,
        "title": {"en": "An agreement for tests"},
        "preamble": {"en": "Nobody but tests has signed this."},
        "parties": [_party(NODE, "DE", "Bavaria", ROOT), _party(PEER, "JP", "Kansai", PEER_ROOT)],
        "clauses": [clause],
        "grants": [_grant(NODE, PEER, "DE-BY"), _grant(PEER, NODE, "JP-27")],
        "personal_data": {
            "basis": [],
            "roles": "independent-controllers",
            "erase_within_hours": 72,
            "max_age_days": 730,
        },
        "term": {"from": "2026-11-01T00:00:00Z", "until": "2029-10-31T00:00:00Z", "notice_days": 90},
        "on_end": documents.ON_END,
        "limits": documents.LIMITS,
    }
    documents.check(document)
    return document


AGREED = _agreement()
AGREEMENT = document_hash(AGREED)
CHANNEL = channel_name(NODE, AGREEMENT)
PLACE = Place(NODE, CHANNEL, AGREEMENT)
ID = UUID("6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11")
BODY = {"kind": "offer", "title": {"de": {"origin": "original", "text": "Antikörper gegen solide Tumoren"}}}
SALT = bytes(range(32))
SIGNER = Signer(RECORD, keyset.key_id(NODE, "rec-1"))


def agreement() -> dict[str, Any]:
    """The agreement, signed by both."""
    parties = ((NODE, ROOT), (PEER, PEER_ROOT))
    return {**AGREED, "proof": [signatures.sign(AGREED, node, key, AT) for node, key in parties]}


def _key_set(node: str, root: PrivateKey, record: PrivateKey, log: PrivateKey, http: PrivateKey) -> bytes:
    uses = (("rec-1", "record", record), ("log-1", "log", log), ("http-1", "http", http))
    keys = {keyset.key_id(node, name): (use, key.public) for name, use, key in uses}
    document = keyset.build(node=node, base=f"https://{node}/kx/v1", root=[root.public], keys=keys, now=AT)
    signed = proof.sign(document, root, method=keyset.key_id(node, "root-1"), created=AT)
    return canonical.encode({**document, "proof": [signed]})


def key_set() -> bytes:
    return _key_set(NODE, ROOT, RECORD, LOG, HTTP)


def peer_key_set() -> bytes:
    return _key_set(PEER, PEER_ROOT, PEER_RECORD, WITNESS, PEER_HTTP)


def entries() -> list[bytes]:
    """Headers of the log: the key set, an offer, its withdrawal."""
    known = keyset.parse(key_set(), node=NODE, roots=[ROOT.public])
    opening = header.signed(header.keyset(PLACE, hash=known.hash, now=AT), SIGNER, AT)
    put = header.put(
        PLACE,
        id=ID,
        rev=1,
        prev=None,
        kind="offer",
        topics=["antibodies", "oncology"],
        regions=["DE-BY"],
        tlp="GREEN",
        onward="members",
        expires=AT + timedelta(days=365),
        clause="c1",
        parts={"body": commitment(SALT, BODY)},
        now=AT,
    )
    offered = header.signed(put, SIGNER, AT)
    later = AT + timedelta(days=30)
    taken = header.withdraw(PLACE, id=ID, rev=2, prev=header_hash(offered), reason="licensed", now=later)
    return [opening, offered, header.signed(taken, SIGNER, later)]


def note(size: int) -> checkpoint.Checkpoint:
    grown = Frontier().extend([leaf_hash(data) for data in entries()[:size]])
    return checkpoint.sign(CHANNEL, size, grown.root(), LOG)


def page() -> bytes:
    """The page of the first two entries, while the offer lives."""
    opening, offered, _ = entries()
    part = Part(SALT, canonical.encode(BODY))
    lines = [build_line(0, opening, {}), build_line(1, offered, {"body": part})]
    return b"".join(lines) + build_trailer(2, note(2).note)


def cosigned() -> checkpoint.Checkpoint:
    return checkpoint.cosign(note(2), PEER, WITNESS, int(AT.timestamp()))


def receipt_body() -> bytes:
    return receipt.build(cosigned(), erased=[], rejected=[(1, "policy-topic")])


def signature_base() -> str:
    """What is signed for a request, by RFC 9421 section 2.5."""
    target = f"https://{PEER}/kx/v1/channels/{channel_name(PEER, AGREEMENT)}/entries?from=0&limit=512&wait=25"
    seconds = int(AT.timestamp())
    parameters = (
        f'("@method" "@target-uri");created={seconds};keyid="{keyset.key_id(NODE, "http-1")}"'
        f';expires={seconds + 60};nonce="AAAAAAAAAAAAAAAAAAAAAA==";tag="kx1"'
    )
    return f'"@method": GET\n"@target-uri": {target}\n"@signature-params": {parameters}'


def proof_bundle() -> bytes:
    """What `kakehashi prove` writes for the offer while it lives."""
    leaves = [leaf_hash(data) for data in entries()]
    path = merkle.inclusion(lambda level, first, last: leaves[first:last], 1, 2)
    return bundle.build(
        agreements=[agreement()],
        keysets=[key_set(), peer_key_set()],
        header=entries()[1],
        parts={"body": Part(SALT, canonical.encode(BODY))},
        proofs=[bundle.tlog_proof(1, path, cosigned().note)],
    )


def next_key_set() -> bytes:
    """Version 2: a new record key beside the old one, and a stolen http key replaced."""
    known = keyset.parse(key_set(), node=NODE, roots=[ROOT.public])
    later = AT + timedelta(days=40)
    new = {
        "rec-2": ("record", PrivateKey.from_seed(bytes([7] * 32))),
        "http-2": ("http", PrivateKey.from_seed(bytes([8] * 32))),
    }
    document = rotation.following(
        known,
        base=known.base,
        now=later,
        add={keyset.key_id(NODE, name): (use, key.public) for name, (use, key) in new.items()},
        revoke=[rotation.revoked(keyset.key_id(NODE, "http-1"), later, keyset.COMPROMISED)],
    )
    return canonical.encode(rotation.with_proof(document, ROOT, [ROOT.public], later))


def erased() -> bytes:
    """The entry that has the text of the withdrawn offer destroyed everywhere."""
    later = AT + timedelta(days=31)
    facts: dict[str, Any] = {"parts": ["body"], "basis": "gdpr-17", "deadline": later + timedelta(hours=72)}
    taken = header_hash(entries()[2])
    return header.signed(header.erase(PLACE, id=ID, rev=3, prev=taken, now=later, **facts), SIGNER, later)


def purged() -> bytes:
    """The reader's statement after the end that it deleted one offer and kept none."""
    reader = Signer(PEER_RECORD, keyset.key_id(PEER, "rec-1"))
    facts: dict[str, Any] = {"agreement": AGREEMENT, "by": PEER, "deleted": {"offer": 1}, "kept": {}}
    return purge.build(cosigned(), signer=reader, now=AT, **facts)


def termination() -> bytes:
    """The reader's declaration that the agreement ends, signed by its root key."""
    ending = signatures.termination(AGREEMENT, PEER, AT + timedelta(days=100), "notice", AT)
    return canonical.encode(signatures.sign_bytes(canonical.encode(ending), PEER_ROOT, AT))


def examples() -> dict[str, str]:
    """Name to text, as they stand in PROTOCOL.md."""
    return {
        "keyset": key_set().decode(),
        "keyset-next": next_key_set().decode(),
        "page": page().decode().rstrip("\n"),
        "withdraw": entries()[2].decode(),
        "erase": erased().decode(),
        "purge": purged().decode(),
        "checkpoint": note(2).note.rstrip("\n"),
        "cosigned": cosigned().note.rstrip("\n"),
        "receipt": receipt_body().decode(),
        "signature-base": signature_base(),
    }


def files() -> dict[str, bytes]:
    """Name to bytes of all golden files."""
    return {
        "agreement.json": canonical.encode(agreement()),
        "keyset-munich.json": key_set(),
        "keyset-osaka.json": peer_key_set(),
        "page.ndjson": page(),
        "withdraw.json": entries()[2],
        "checkpoint.note": note(2).note.encode(),
        "cosigned.note": cosigned().note.encode(),
        "receipt.json": receipt_body(),
        "signature-base.txt": signature_base().encode(),
        "proof.json": proof_bundle(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)
    told = EXAMPLE.sub(lambda found: found[1] + examples()[found[2]], PAPER.read_text("utf-8"))
    PAPER.write_text(told, "utf-8")
