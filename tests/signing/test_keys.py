"""Keys: only sound public keys are enrolled, only true signatures verify, files are private."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import BadKey, BadProof, Conflict, NodeMisconfigured, NotFound, SigningError
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import PrivateKey, fingerprint, public_bytes, verify
from kakehashi.signing.multibase import from_multibase, to_multibase

WYCHEPROOF = json.loads((Path(__file__).parent / "vectors" / "wycheproof_ed25519.json").read_text())
CASES = [(group["publicKey"]["pk"], case) for group in WYCHEPROOF["testGroups"] for case in group["tests"]]

# Points of order 1, 2, 4 and 8 and non-canonical encodings of them (libsodium's own blacklist).
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def multikey(raw: bytes) -> str:
    return to_multibase(b"\xed\x01" + raw)


@pytest.mark.vectors
@pytest.mark.parametrize(("public", "case"), CASES, ids=[str(case["tcId"]) for _, case in CASES])
def test_threat_12_wycheproof_verdicts_are_met(public: str, case: dict[str, str]) -> None:
    key, message, signature = (
        multikey(bytes.fromhex(public)),
        bytes.fromhex(case["msg"]),
        bytes.fromhex(case["sig"]),
    )
    if case["result"] == "valid":
        verify(key, message, signature)
    else:
        with pytest.raises(BadProof):
            verify(key, message, signature)


def test_all_wycheproof_cases_are_there() -> None:
    assert len(CASES) == 151


@pytest.mark.parametrize("raw", SMALL_ORDER)
def test_threat_11_a_small_order_or_non_canonical_public_key_is_refused_at_enrolment(raw: str) -> None:
    with pytest.raises(BadKey):
        public_bytes(multikey(bytes.fromhex(raw)))


def test_threat_11_the_constant_signature_under_a_small_order_key_verifies_nothing() -> None:
    key = multikey(bytes.fromhex(SMALL_ORDER[0]))
    with pytest.raises(BadKey):
        verify(key, b"any message", bytes.fromhex(SMALL_ORDER[0]) + bytes(32))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50))
def test_threat_12_a_signature_with_the_group_order_added_is_refused(seed: bytes, message: bytes) -> None:
    """S and S + L verify alike where nobody looks (RFC 8032, section 5.1.7)."""
    key, order = PrivateKey.from_seed(seed), 2**252 + 27742317777372353535851937790883648493
    signature = key.sign(message)
    other = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    with pytest.raises(BadProof):
        verify(key.public, message, signature[:32] + other)


@pytest.mark.parametrize(
    "text", ["", "z", "m123", "z0", "zIl", "z6Mk", "z" + "1" * 200, multikey(bytes(31)), 7, None]
)
def test_anything_but_an_ed25519_multikey_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        public_bytes(text)


@given(st.binary(min_size=1, max_size=70))
def test_multibase_gives_back_the_bytes(data: bytes) -> None:
    assert from_multibase(to_multibase(data)) == data


@given(st.text(max_size=40))
def test_multibase_refuses_other_text_with_one_error_or_reads_it_back(text: str) -> None:
    try:
        data = from_multibase(text)
    except SigningError:
        return
    assert to_multibase(data) == text


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.integers(0, 511))
def test_a_signature_verifies_until_one_bit_is_flipped(seed: bytes, message: bytes, bit: int) -> None:
    key = PrivateKey.from_seed(seed)
    signature = key.sign(message)
    verify(key.public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadProof):
        verify(key.public, message, bytes(flipped))


def test_a_fingerprint_is_ten_groups_a_person_can_read_aloud() -> None:
    one, other = PrivateKey.from_seed(bytes(32)), PrivateKey.generate()
    groups = fingerprint(one.public).split(" ")
    assert len(groups) == 10
    assert all(len(g) == 4 and int(g, 16) >= 0 for g in groups)
    assert (
        fingerprint(one.public)
        == fingerprint(PrivateKey.from_seed(bytes(32)).public)
        != fingerprint(other.public)
    )


def test_a_private_key_does_not_show_itself() -> None:
    key = PrivateKey.generate()
    assert key.seed.hex() not in repr(key)
    assert key.seed.hex() not in str(key)


def test_a_keyring_makes_private_files_and_reads_them_back(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    assert not ring.has("record")
    made = ring.create("record")
    path = tmp_path / "keys" / "record.key"
    assert ring.has("record")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Keyring(tmp_path / "keys").key("record").public == made.public


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    made = ring.create("log")
    with pytest.raises(Conflict):
        ring.create("log")
    assert ring.key("log").public == made.public


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    ring.create("http")
    (tmp_path / "http.key").chmod(0o644)
    with pytest.raises(NodeMisconfigured):
        ring.key("http")


@pytest.mark.parametrize("name", ["../root", "root.key", "", "other", "record-x"])
def test_a_keyring_knows_only_its_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        Keyring(tmp_path).key(name)


def test_an_absent_or_broken_key_says_so(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    with pytest.raises(NotFound):
        ring.key("root")
    ring.create("root")
    (tmp_path / "root.key").write_text("no key")
    with pytest.raises(NodeMisconfigured):
        ring.key("root")
