"""Proofs by the parties' root keys, and signed terminations."""

from datetime import timedelta

import pytest

from kakehashi.agreements import signatures
from kakehashi.errors import InvalidInput
from kakehashi.signing import canonical
from kakehashi.signing.proof import document_hash
from tests.agreements.parties import KYOTO, MUNICH, OSAKA, STARTS, UNTIL, bilateral, signed, trilateral


def ending(key=OSAKA, by="osaka.example", document=None, **changes):
    document = document or bilateral()
    facts = signatures.termination(document_hash(document), by, UNTIL, "notice", STARTS)
    facts.update(changes)
    return {**facts, "proof": [signatures.sign(facts, by, key, STARTS)]}


def test_each_party_is_found_by_the_key_that_stands_in_the_document():
    document = signed(trilateral(), "munich.example", "kyoto.example")
    assert list(signatures.signers(document, document["proof"])) == ["munich.example", "kyoto.example"]


def test_a_key_that_does_not_stand_in_the_document_cannot_sign():
    with pytest.raises(InvalidInput):
        signatures.sign(bilateral(), "munich.example", KYOTO, STARTS)
    with pytest.raises(InvalidInput):
        signatures.sign(bilateral(), "kyoto.example", KYOTO, STARTS)


def test_one_party_cannot_sign_in_the_name_of_the_other():
    document = bilateral()
    forged = signatures.sign(document, "munich.example", MUNICH, STARTS)
    forged["verificationMethod"] = signatures.method("osaka.example")
    with pytest.raises(InvalidInput):
        signatures.signer(document, forged)


def test_threat_38_a_proof_of_another_document_is_refused():
    other = bilateral(notice_days=30)
    with pytest.raises(InvalidInput):
        signatures.signer(bilateral(), signatures.sign(other, "munich.example", MUNICH, STARTS))


@pytest.mark.parametrize(
    "strange", [None, 1, "x", [], {}, {"verificationMethod": 3}, {"verificationMethod": "https://"}]
)
def test_what_is_no_proof_is_refused_without_breaking(strange):
    with pytest.raises(InvalidInput):
        signatures.signer(bilateral(), strange)


def test_a_termination_survives_its_bytes_and_is_accepted_from_the_party_that_declares_it():
    document = bilateral()
    received = signatures.parse_termination(canonical.encode(ending()))
    signatures.check_termination(received, document, document_hash(document))
    assert received == ending()


@pytest.mark.parametrize(
    "wrong",
    [
        ending(key=MUNICH),
        ending(key=KYOTO, by="kyoto.example"),
        ending(document=trilateral()),
        {**ending(), "effective": "2028-01-01T00:00:00Z"},
        {name: value for name, value in ending().items() if name != "proof"},
    ],
    ids=["other party's key", "not a party", "other agreement", "changed after signing", "unsigned"],
)
def test_a_termination_that_its_declarer_did_not_sign_is_refused(wrong):
    document = bilateral()
    with pytest.raises(InvalidInput):
        signatures.check_termination(wrong, document, document_hash(document))


@pytest.mark.parametrize(
    "changes", [{"reason": "mood"}, {"effective": "soon"}, {"by": "x"}, {"v": 2}, {"extra": 1}, {"proof": []}]
)
def test_a_termination_of_the_wrong_shape_is_refused(changes):
    with pytest.raises(InvalidInput):
        signatures.parse_termination(canonical.encode({**ending(), **changes}))


def test_the_demonstrations_notice_of_six_months_is_a_real_one():
    assert bilateral()["term"]["notice_days"] == 183
    assert timedelta(days=183) < UNTIL - STARTS
