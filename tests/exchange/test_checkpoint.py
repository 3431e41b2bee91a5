"""Checkpoints and cosignatures: as C2SP writes them, and refused after any change."""

import hashlib
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import VerifyKey

from kakehashi.errors import LogError
from kakehashi.exchange.checkpoint import cosign, parse, sign, verify_cosignature, verify_signature
from kakehashi.signing.keys import PrivateKey, public_bytes

ORIGIN = "munich.example/kx/80d2e70f43870f9d/0"
LOG, WITNESS = PrivateKey.from_seed(bytes(32)), PrivateKey.from_seed(bytes([1] * 32))
ROOT = hashlib.sha256(b"root").digest()
AT = 1_803_888_000


def test_a_note_has_the_form_of_the_specification() -> None:
    note = sign(ORIGIN, 3, ROOT, LOG).note
    body, _, lines = note.partition("\n\n")
    assert body == f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}"
    name, encoded = lines.removeprefix("— ").removesuffix("\n").split(" ")
    raw = b64decode(encoded)
    assert name == ORIGIN
    assert raw[:4] == hashlib.sha256(ORIGIN.encode() + b"\n\x01" + public_bytes(LOG.public)).digest()[:4]
    VerifyKey(public_bytes(LOG.public)).verify((body + "\n").encode(), raw[4:])


def test_a_cosignature_signs_time_and_body() -> None:
    made = cosign(sign(ORIGIN, 3, ROOT, LOG), "osaka.example", WITNESS, AT)
    raw = dict(parse(made.note).signatures)["osaka.example"]
    assert raw[:4] == hashlib.sha256(b"osaka.example\n\x04" + public_bytes(WITNESS.public)).digest()[:4]
    assert int.from_bytes(raw[4:12], "big") == AT
    VerifyKey(public_bytes(WITNESS.public)).verify(
        f"cosignature/v1\ntime {AT}\n{made.text}".encode(), raw[12:]
    )


def test_what_was_signed_is_read_back_and_verifies() -> None:
    read = parse(cosign(sign(ORIGIN, 3, ROOT, LOG), "osaka.example", WITNESS, AT).note)
    assert (read.origin, read.size, read.root) == (ORIGIN, 3, ROOT)
    verify_signature(read, [WITNESS.public, LOG.public])
    assert verify_cosignature(read, "osaka.example", [WITNESS.public]) == AT


def test_signatures_of_others_are_neither_needed_nor_harmful() -> None:
    note = sign(ORIGIN, 3, ROOT, LOG).note + "— auditor.example AAAAAAAA\n"
    read = parse(note)
    verify_signature(read, [LOG.public])
    assert [name for name, _ in read.signatures] == [ORIGIN, "auditor.example"]
    body, _, lines = note.partition("\n\n")
    stranger_alone = parse(body + "\n\n" + lines.splitlines(keepends=True)[1])
    with pytest.raises(LogError):
        verify_signature(stranger_alone, [LOG.public])


def test_a_checkpoint_signature_is_no_cosignature_and_the_other_way_round() -> None:
    made = cosign(sign(ORIGIN, 3, ROOT, LOG), ORIGIN, LOG, AT)
    only = parse(made.text + "\n" + made.note.partition("\n\n")[2].splitlines(keepends=True)[-1])
    with pytest.raises(LogError):
        verify_signature(only, [LOG.public])
    with pytest.raises(LogError):
        verify_cosignature(sign(ORIGIN, 3, ROOT, LOG), ORIGIN, [LOG.public])


def test_another_key_does_not_count() -> None:
    with pytest.raises(LogError, match="checkpoint-sig"):
        verify_signature(sign(ORIGIN, 3, ROOT, WITNESS), [LOG.public])


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_note_with_any_byte_changed_does_not_verify(place: int, byte: int) -> None:
    note = bytearray(sign(ORIGIN, 3, ROOT, LOG).note.encode())
    place %= len(note)
    if note[place] == byte:
        return
    note[place] = byte
    with pytest.raises((LogError, UnicodeDecodeError)):
        verify_signature(parse(note.decode()), [LOG.public])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n1\nb\n",
        f"{ORIGIN}\n03\n{b64encode(ROOT).decode()}\n\n— a AAAA\n",
        f"{ORIGIN}\n-1\n{b64encode(ROOT).decode()}\n\n— a AAAA\n",
        f"{ORIGIN}\n3\n{b64encode(ROOT[:31]).decode()}\n\n— a AAAA\n",
        f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}\n\n",
        f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}\n\n— a AAAA",
        f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}\n\n- a AAAA\n",
        f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}\n\n— a A*AA\n",
        f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}\n\n" + "— a AAAA\n" * 9,
        f"{ORIGIN}\n3\n{b64encode(ROOT).decode()}\nextension\n\n— a AAAA\n",
        "x" * 5000,
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(LogError, match="checkpoint-sig"):
        parse(note)
