"""The examples of PROTOCOL.md, made from fixed keys, salts and times: the same bytes on every machine."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from kakehashi.agreements.document import channel_name
from kakehashi.exchange import checkpoint, header, keyset, receipt
from kakehashi.exchange.header import Place, Signer
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Part, build_line, build_trailer
from kakehashi.exchange.verify import header_hash
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import commitment
from kakehashi.signing.keys import PrivateKey

NODE, PEER = "munich.example", "osaka.example"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AGREEMENT = "sha256-" + "A" * 42 + "E"
CHANNEL = channel_name(NODE, AGREEMENT)
PLACE = Place(NODE, CHANNEL, AGREEMENT)
ROOT, RECORD, LOG, HTTP, WITNESS = (PrivateKey.from_seed(bytes([n] * 32)) for n in range(1, 6))
ID = UUID("6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11")
BODY = {"kind": "offer", "title": {"de": {"origin": "original", "text": "Antikörper gegen solide Tumoren"}}}
SALT = bytes(range(32))
SIGNER = Signer(RECORD, keyset.key_id(NODE, "rec-1"))


def key_set() -> bytes:
    uses = (("rec-1", "record", RECORD), ("log-1", "log", LOG), ("http-1", "http", HTTP))
    keys = {keyset.key_id(NODE, name): (use, key.public) for name, use, key in uses}
    document = keyset.build(node=NODE, base=f"https://{NODE}/kx/v1", root=[ROOT.public], keys=keys, now=AT)
    signed = proof.sign(document, ROOT, method=keyset.key_id(NODE, "root-1"), created=AT)
    return canonical.encode({**document, "proof": [signed]})


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


def examples() -> dict[str, str]:
    """Name to text, as they stand in PROTOCOL.md."""
    return {
        "keyset": key_set().decode(),
        "page": page().decode().rstrip("\n"),
        "withdraw": entries()[2].decode(),
        "checkpoint": note(2).note.rstrip("\n"),
        "cosigned": cosigned().note.rstrip("\n"),
        "receipt": receipt_body().decode(),
        "signature-base": signature_base(),
    }
