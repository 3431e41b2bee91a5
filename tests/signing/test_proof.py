"""Proofs and commitments: the W3C vector, every altered byte, and hashes that hide without their salt."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import BadProof, NotCanonical
from kakehashi.signing.commit import commitment, from_base64url, new_salt, parse_stamp, stamp, to_base64url
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.keys import verify as verify_signature
from kakehashi.signing.multibase import from_multibase, to_multibase
from kakehashi.signing.proof import combined_hash, document_hash, sign, verify

W3C = Path(__file__).parent / "vectors" / "eddsa_jcs_2022"
W3C_PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
KEY = PrivateKey.from_seed(bytes(range(32)))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
METHOD = "https://munich.example/.well-known/kx#rec-2026-1"
DOCUMENT: dict[str, Any] = {"v": 1, "name": {"de": "München", "ja": "大阪"}, "topics": ["oncology"], "rev": 3}


@pytest.mark.vectors
def test_the_w3c_vector_is_met_from_key_to_signature() -> None:
    """W3C vc-di-eddsa, TestVectors/eddsa-jcs-2022. `@context` is outside our profile: rfc8785 encodes."""
    signed = json.loads((W3C / "signedJCS.json").read_text())
    proof = signed.pop("proof")
    value = proof.pop("proofValue")
    document, config = rfc8785.dumps(signed), rfc8785.dumps(proof)
    assert document == (W3C / "canonDocJCS.txt").read_bytes().strip()
    assert config == (W3C / "proofCanonJCS.txt").read_bytes().strip()
    combined = combined_hash(config, document)
    assert combined.hex() == (W3C / "combinedHashJCS.txt").read_text().strip()
    key = PrivateKey.from_seed(from_multibase(W3C_SECRET)[2:])
    assert key.public == W3C_PUBLIC
    signature = key.sign(combined)
    assert signature.hex() == (W3C / "sigHexJCS.txt").read_text().strip()
    assert to_multibase(signature) == value
    verify_signature(W3C_PUBLIC, combined, from_multibase(value))


def test_a_proof_verifies_and_is_deterministic() -> None:
    proof = sign(DOCUMENT, KEY, method=METHOD, created=NOW)
    verify(DOCUMENT, proof, KEY.public)
    verify({**DOCUMENT, "proof": proof}, proof, KEY.public)
    assert proof == sign(DOCUMENT, KEY, method=METHOD, created=NOW)


def test_another_key_does_not_verify() -> None:
    with pytest.raises(BadProof):
        verify(DOCUMENT, sign(DOCUMENT, KEY, method=METHOD, created=NOW), PrivateKey.generate().public)


@pytest.mark.parametrize(
    "change",
    [{"v": 2}, {"name": {"de": "München"}}, {"topics": []}, {"rev": 4}, {"more": None}],
    ids=str,
)
def test_a_document_with_any_member_changed_does_not_verify(change: dict[str, Any]) -> None:
    proof = sign(DOCUMENT, KEY, method=METHOD, created=NOW)
    with pytest.raises(BadProof):
        verify({**DOCUMENT, **change}, proof, KEY.public)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Other"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"proofPurpose": "authentication"},
        {"created": "2026-11-22T09:00:01Z"},
        {"created": "2026-11-22T09:00:00+00:00"},
        {"created": 7},
        {"verificationMethod": "https://osaka.example/.well-known/kx#rec-2026-1"},
        {"proofValue": "z" + "1" * 64},
        {"proofValue": ""},
        {"proofValue": None},
        {"expires": "2027-11-22T09:00:00Z"},
    ],
    ids=str,
)
def test_a_proof_with_any_member_changed_does_not_verify(change: dict[str, Any]) -> None:
    proof = sign(DOCUMENT, KEY, method=METHOD, created=NOW)
    with pytest.raises(BadProof):
        verify(DOCUMENT, {**proof, **change}, KEY.public)


@pytest.mark.parametrize("proof", [None, [], "z", {}, {"type": "DataIntegrityProof"}])
def test_things_that_are_no_proof_are_refused_with_bad_proof(proof: Any) -> None:
    with pytest.raises(BadProof):
        verify(DOCUMENT, proof, KEY.public)


def test_the_name_of_a_document_is_the_hash_of_its_independent_canonical_form() -> None:
    wanted = "sha256-" + to_base64url(hashlib.sha256(rfc8785.dumps(DOCUMENT)).digest())
    assert document_hash(DOCUMENT) == document_hash({**DOCUMENT, "proof": [1]}) == wanted


def test_a_commitment_is_the_hash_of_prefix_salt_and_canonical_data() -> None:
    salt = bytes(range(32))
    wanted = hashlib.sha256(b"kx1-part\0" + salt + rfc8785.dumps(DOCUMENT)).digest()
    assert commitment(salt, DOCUMENT) == "sha256-" + to_base64url(wanted)
    assert commitment(new_salt(), DOCUMENT) != commitment(new_salt(), DOCUMENT)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(NotCanonical):
        commitment(salt, {})


@given(st.binary(max_size=70))
def test_base64url_gives_back_the_bytes(data: bytes) -> None:
    assert from_base64url(to_base64url(data)) == data


@given(st.text(max_size=20))
def test_base64url_refuses_all_but_the_one_form(text: str) -> None:
    try:
        data = from_base64url(text)
    except NotCanonical:
        return
    assert to_base64url(data) == text


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_stamp_is_read_back_to_the_second(moment: datetime) -> None:
    assert parse_stamp(stamp(moment)) == moment.replace(microsecond=0)


def test_a_stamp_is_in_utc_and_needs_a_zone() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert stamp(datetime(2026, 1, 1, 8, 30, tzinfo=tokyo)) == "2025-12-31T23:30:00Z"
    with pytest.raises(ValueError, match="time zone"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00",
        "2026-01-01t00:00:00z",
        "٢٠٢٦-01-01T00:00:00Z",
        5,
    ],
)
def test_other_forms_of_time_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_stamp(text)
