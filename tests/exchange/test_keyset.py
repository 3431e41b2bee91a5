"""Key sets: TUF's rules for the root role, case by case."""

from base64 import b64decode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import BadProof, LogError
from kakehashi.exchange import checkpoint, http_signature
from kakehashi.exchange.http_signature import Message
from kakehashi.exchange.keyset import KeySet, check_successor, key_id, node_of, parse
from kakehashi.signing import canonical, proof
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.multibase import to_multibase
from tests.exchange.origin import THERE, Keys

SMALL_ORDER = "z6MkeXATEjyXENzBXBxgC5EHk2JE5aqd7qMGGtDpLUH1e2Sj"  # the encoding 01 00 … 00


def read(keys: Keys, document: dict[str, Any], now: datetime, *roots: PrivateKey) -> KeySet:
    return parse(keys.signed(document, now, *roots), node=THERE, roots=[keys.root.public])


def test_a_signed_key_set_is_read(now: datetime) -> None:
    keys = Keys(THERE)
    found = keys.keyset(now)
    assert found.version == 1
    assert found.public(key_id(THERE, "rec-1"), "record") == keys.record.public
    assert found.public(key_id(THERE, "rec-1"), "log") is None
    assert found.all_of("log") == [keys.log.public]
    assert found.not_after == now + timedelta(days=400)


def test_the_node_of_a_key_is_read_from_its_name() -> None:
    assert node_of(key_id(THERE, "http-2")) == THERE
    for name in (
        "",
        "https://a.example/kx#http-1",
        "http://a.example/.well-known/kx#h",
        key_id("A.example", "h"),
    ):
        assert node_of(name) is None


def test_a_key_set_signed_by_another_root_is_refused(now: datetime) -> None:
    keys = Keys(THERE)
    with pytest.raises(LogError, match="not signed"):
        read(keys, keys.document(now), now, PrivateKey.generate())


@pytest.mark.parametrize(
    "change", ["node", "version", "base", "not_after", "root", "keys", "revoked", "protocols"]
)
def test_a_key_set_altered_after_signing_is_refused(now: datetime, change: str) -> None:
    keys = Keys(THERE)
    document = keys.document(now)
    signature = keys.signed(document, now)
    signed = canonical.decode(signature, limit=1 << 16)
    other = Keys(THERE).document(now + timedelta(seconds=1), version=2, prev="sha256-" + "A" * 43)
    altered = {
        "node": "kyoto.example",
        "base": "https://evil.example/kx/v1",
        "revoked": [{"id": key_id(THERE, "x"), "since": other["issued"], "reason": "", "last_good": []}],
        "protocols": ["kx/1", "kx/2"],
    }
    signed[change] = altered.get(change, other[change])
    with pytest.raises(LogError):
        parse(canonical.encode(signed), node=THERE, roots=[keys.root.public])


def both(first: str, second: str, key: PrivateKey) -> dict[str, tuple[str, str]]:
    return {key_id(THERE, first): ("http", key.public), key_id(THERE, second): ("http", key.public)}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d["root"].update(threshold=0),
        lambda d: d["root"].update(threshold=-1),
        lambda d: d["root"].update(threshold=2),
        lambda d: d["root"].update(threshold=True),
        lambda d: d["root"].update(keys=[]),
        lambda d: d["root"].update(keys=[*d["root"]["keys"], *d["root"]["keys"]]),
        lambda d: d["root"].update(keys=[SMALL_ORDER]),
        lambda d: d["keys"].append(d["keys"][0]),
        lambda d: d["keys"].append({**d["keys"][-1], "id": key_id(THERE, "zzz")}),
        lambda d: d["keys"].reverse(),
        lambda d: d["keys"].pop(),
        lambda d: d["keys"][0].update(use="root"),
        lambda d: d["keys"][0].update(key=d["root"]["keys"][0]),
        lambda d: d["keys"][0].update(key=SMALL_ORDER),
        lambda d: d["keys"][0].update(id=key_id("kyoto.example", "http-1")),
        lambda d: d["keys"][0].update(id=7),
        lambda d: d.update(version=0),
        lambda d: d.update(version="1"),
        lambda d: d.update(version=2),
        lambda d: d.update(prev="sha256-" + "A" * 43),
        lambda d: d.update(not_after="2029-01-01T00:00:00Z"),
        lambda d: d.update(not_after=d["issued"]),
        lambda d: d.update(base="http://osaka.example/kx/v1"),
        lambda d: d.update(base="https://osaka.example:8443/kx/v1"),
        lambda d: d.update(base="https://user@osaka.example/kx/v1"),
        lambda d: d.update(protocols=["kx/2"]),
        lambda d: d.update(node="munich.example"),
        lambda d: d.update(type="kx.agreement"),
        lambda d: d.update(v=2),
        lambda d: d.update(revoked=[{"id": "x"}]),
        lambda d: d.update(keys=None),
        lambda d: d.pop("root"),
    ],
)
def test_threat_10_malformed_key_sets_are_refused_though_signed(now: datetime, spoil: Any) -> None:
    keys = Keys(THERE)
    document = keys.document(now)
    spoil(document)
    with pytest.raises(LogError, match="keyset-invalid"):
        read(keys, document, now)


def test_bytes_that_are_not_canonical_are_refused(now: datetime) -> None:
    keys = Keys(THERE)
    data = keys.signed(keys.document(now), now)
    for bad in (data + b"\n", b" " + data, b"[]", b"null", b"x", data[:-1]):
        with pytest.raises(LogError):
            parse(bad, node=THERE, roots=[keys.root.public])


def test_threat_10_one_root_key_signing_twice_does_not_reach_a_threshold_of_two(now: datetime) -> None:
    keys, second = Keys(THERE), PrivateKey.generate()
    roots = sorted([keys.root.public, second.public])
    document = keys.document(now, root=roots, threshold=2)
    with pytest.raises(LogError, match="not signed"):
        parse(keys.signed(document, now, keys.root, keys.root), node=THERE, roots=roots, threshold=2)
    assert (
        parse(keys.signed(document, now, keys.root, second), node=THERE, roots=roots, threshold=2).threshold
        == 2
    )


def test_a_new_root_must_sign_itself_in_beside_the_old_one(now: datetime) -> None:
    keys, new = Keys(THERE), PrivateKey.generate()
    document = keys.document(now, root=[new.public])
    with pytest.raises(LogError, match="not signed"):
        read(keys, document, now, keys.root)
    with pytest.raises(LogError, match="not signed"):
        read(keys, document, now, new)
    assert read(keys, document, now, keys.root, new).roots == (new.public,)


def test_threat_09_only_the_same_bytes_or_the_next_version_follow(now: datetime) -> None:
    keys = Keys(THERE)
    first = keys.keyset(now)
    second = keys.keyset(now, version=2, prev=first.hash)
    check_successor(first, first)
    check_successor(first, second)
    for wrong in (
        keys.keyset(now + timedelta(seconds=1)),
        keys.keyset(now, version=3, prev=second.hash),
        keys.keyset(now, version=2, prev="sha256-" + "A" * 43),
    ):
        with pytest.raises(LogError, match="keyset-rollback"):
            check_successor(first, wrong)
    with pytest.raises(LogError, match="keyset-rollback"):
        check_successor(second, first)


@given(st.sampled_from(["record", "log", "http", "root"]), st.sampled_from(["record", "log", "http", "root"]))
def test_threat_13_no_key_has_two_uses(one: str, other: str) -> None:
    now = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    keys = Keys(THERE)
    setattr(keys, one, getattr(keys, other))
    if one == other:
        assert keys.keyset(now).version == 1
        return
    with pytest.raises(LogError, match="two uses"):
        keys.keyset(now)


def test_threat_13_what_is_signed_for_one_purpose_is_no_signature_for_another(now: datetime) -> None:
    """Even under one key: two hashes, a note, a cosigned note and a request never are the same bytes."""
    key, document = PrivateKey.generate(), Keys(THERE).document(now)
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
    }
    config = {**config, "created": "2026-11-22T09:00:00Z", "verificationMethod": key_id(THERE, "rec-1")}
    hashes = proof.combined_hash(canonical.encode(config), canonical.encode(document))
    note = checkpoint.sign(f"{THERE}/kx/{'0' * 16}/0", 1, bytes(32), key)
    request = Message("GET", f"https://{THERE}/kx/v1/channels", {})
    http_signature.sign(request, b"", key=key, key_id=key_id(THERE, "http-1"), now=now)
    carried = b64decode(request.headers["Signature"].removeprefix("kx=:").removesuffix(":"))
    for signature in (note.signatures[0][1][4:], carried, key.sign(hashes)):
        alone = {**config, "proofValue": to_multibase(signature)}
        if signature == key.sign(hashes):
            proof.verify(document, alone, key.public)
            continue
        with pytest.raises(BadProof):
            proof.verify(document, alone, key.public)
    cosigned = checkpoint.cosign(note, note.origin, key, 7)
    with pytest.raises(LogError, match="checkpoint-sig"):
        checkpoint.verify_signature(replace(cosigned, signatures=cosigned.signatures[1:]), [key.public])
    with pytest.raises(LogError, match="checkpoint-sig"):
        checkpoint.verify_cosignature(note, note.origin, [key.public])


def test_a_key_set_is_honoured_for_seven_days_after_the_last_fetch_but_never_beyond_its_end(
    now: datetime,
) -> None:
    found = Keys(THERE).keyset(now)
    assert found.honoured_until(now) == now + timedelta(days=7)
    assert found.honoured_until(now + timedelta(days=399)) == found.not_after
