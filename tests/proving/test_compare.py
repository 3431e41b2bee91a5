"""Threat 20: whoever shows two partners two logs is convicted by his own two signatures."""

import json
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kakehashi.errors import NotProven
from kakehashi.exchange import checkpoint
from kakehashi.exchange.log import Frontier
from kakehashi.proving import bundle, merkle, words
from kakehashi.proving.compare import Finding, compare
from kakehashi.proving.offline import mount
from kakehashi.signing.keys import PrivateKey
from tests.exchange import golden

OTHER = checkpoint.sign(golden.CHANNEL, 2, bytes(32), golden.LOG)
KEYS = [golden.key_set()]


def test_threat_20_one_size_and_two_roots_signed_by_one_key_prove_equivocation() -> None:
    cosigned = checkpoint.cosign(OTHER, "kyoto.example", PrivateKey.generate(), 1)
    for theirs in (OTHER, cosigned):
        found = compare(golden.receipt_body(), theirs.note.encode(), KEYS)
        assert (found.finding, found.signed) == (Finding.EQUIVOCATION, True)
        assert "two stories" in words.comparison(found)[0]


def test_notes_receipts_and_bundles_of_one_log_tell_the_same() -> None:
    every = (golden.note(2).note.encode(), golden.cosigned().note.encode(), golden.receipt_body())
    for one in (*every, golden.proof_bundle()):
        for other in (*every, golden.proof_bundle()):
            assert compare(one, other, KEYS).finding is Finding.SAME


def test_a_bundle_brings_the_keys_and_without_any_it_is_said_that_nothing_was_checked() -> None:
    assert compare(golden.proof_bundle(), OTHER.note.encode()).signed
    found = compare(golden.receipt_body(), OTHER.note.encode())
    assert not found.signed
    assert "--keyset" in words.comparison(found)[-1]


def test_two_sizes_contradict_nothing() -> None:
    found = compare(golden.note(1).note.encode(), golden.note(2).note.encode(), KEYS)
    assert found.finding is Finding.DIFFERENT_SIZES


def heads(first: int, size: int, *, forged: bool = False) -> tuple[bytes, bytes]:
    """The note of a log of `first` entries, and the proof that the one of `size` grew from it."""
    leaves = [bytes([i] * 32) for i in range(size)]
    path = merkle.consistency(lambda level, start, end: leaves[start:end], first, size)
    if forged:
        leaves[0] = bytes(32)[:-1] + b"x"
        path = merkle.consistency(lambda level, start, end: leaves[start:end], first, size)
    old = [bytes([i] * 32) for i in range(first)]
    older = checkpoint.sign(golden.CHANNEL, first, Frontier().extend(old).root(), golden.LOG)
    newer = checkpoint.sign(golden.CHANNEL, size, Frontier().extend(leaves).root(), golden.LOG)
    return older.note.encode(), bundle.growth(first=first, path=path, note=newer.note, keysets=KEYS)


@pytest.mark.parametrize(("first", "size"), [(1, 2), (2, 3), (4, 7), (6, 8), (7, 100)])
def test_with_its_proof_a_larger_head_is_shown_to_have_grown_from_the_smaller(first: int, size: int) -> None:
    older, growth = heads(first, size)
    for one, other in ((older, growth), (growth, older)):
        found = compare(one, other)
        assert (found.finding, found.signed) == (Finding.GROWN, True)
        assert f"first {first} entries stand unchanged among {size}" in words.comparison(found)[0]
    older, growth = heads(first, size, forged=True)
    with pytest.raises(NotProven):
        compare(older, growth)


def test_a_proof_of_growth_from_another_size_shows_nothing() -> None:
    (_, growth), (older, _) = heads(4, 7), heads(3, 7)
    assert compare(older, growth).finding is Finding.DIFFERENT_SIZES


STRANGER = PrivateKey.from_seed(bytes([77] * 32))
UNUSABLE = {
    "of another log": checkpoint.sign(golden.CHANNEL.replace("munich", "osaka"), 2, bytes(32), golden.LOG),
    "by a stranger": checkpoint.sign(golden.CHANNEL, 2, bytes(32), STRANGER),
    "nothing": b"",
    "no text": b"\xff",
    "a list": b"[]",
    "an empty object": b"{}",
    "a number": b'{"checkpoint":1}',
    "an empty proof": json.dumps({"type": "kx.proof"}).encode(),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_forged_head_and_what_is_none_convict_nobody(name: str) -> None:
    found = UNUSABLE[name]
    other = found if isinstance(found, bytes) else found.note.encode()
    with pytest.raises(NotProven):
        compare(golden.receipt_body(), other, KEYS)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_comparison(data: bytes) -> None:
    with pytest.raises(NotProven):
        compare(golden.receipt_body(), data, KEYS)
    with pytest.raises(NotProven):
        compare(golden.receipt_body(), golden.receipt_body(), [b'{"node":"munich.example"}', data])


def test_the_command_ends_with_1_only_if_the_origin_is_convicted(tmp_path: Path) -> None:
    app = typer.Typer()
    mount(app)
    files = {"ours": golden.receipt_body(), "theirs": OTHER.note.encode(), "keys": KEYS[0], "junk": b"junk"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    def run(*names: str) -> int:
        one, other = (str(tmp_path / name) for name in names)
        return CliRunner().invoke(app, ["compare", one, other, "--keyset", str(tmp_path / "keys")]).exit_code

    assert (run("ours", "theirs"), run("ours", "ours"), run("ours", "junk")) == (1, 0, 2)
