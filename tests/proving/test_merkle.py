"""Merkle proofs against a naive tree, written from the definitions of RFC 9162 alone, and against attacks."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import NotProven
from kakehashi.exchange.log import Frontier
from kakehashi.proving import merkle

NOTHING = hashlib.sha256(b"").digest()


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\0" + i.to_bytes(4, "big")).digest() for i in range(count)]


# the definitions


def mth(d: Sequence[bytes]) -> bytes:
    if not d:
        return NOTHING
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return hashlib.sha256(b"\1" + mth(d[:k]) + mth(d[k:])).digest()


def split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: Sequence[bytes], whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


def fetch(d: Sequence[bytes], asked: list[int] | None = None) -> merkle.Fetch:
    """Tiles of a naive tree; `asked` counts the hashes that were needed."""

    def hashes(level: int, first: int, last: int) -> list[bytes]:
        span = 256**level
        assert last * span <= len(d)
        if asked is not None:
            asked.append(last - first)
        return [mth(d[i * span : (i + 1) * span]) for i in range(first, last)]

    return hashes


SIZES = st.integers(1, 40) | st.sampled_from([255, 256, 257, 511, 512, 513, 600, 768])


@settings(deadline=None, max_examples=60)
@given(SIZES, st.data())
def test_an_inclusion_proof_is_the_one_of_the_definition_and_verifies(size: int, data: st.DataObject) -> None:
    index, d = data.draw(st.integers(0, size - 1)), leaves(size)
    made = merkle.inclusion(fetch(d), index, size)
    assert made == path(index, d)
    merkle.check_inclusion(d[index], index, size, made, mth(d))


@settings(deadline=None, max_examples=60)
@given(SIZES, st.data())
def test_a_consistency_proof_is_the_one_of_the_definition_and_verifies(
    size: int, data: st.DataObject
) -> None:
    first, d = data.draw(st.integers(1, size)), leaves(size)
    made = merkle.consistency(fetch(d), first, size)
    assert made == subproof(first, d, True)
    merkle.check_consistency(first, size, made, mth(d[:first]), mth(d))


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 40), st.data())
def test_a_proof_verifies_for_no_other_place_size_leaf_or_root(size: int, data: st.DataObject) -> None:
    d = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 3))
    made, root = merkle.inclusion(fetch(d), index, size), mth(d)
    if other != index:
        with pytest.raises(NotProven):
            merkle.check_inclusion(d[index], other, size, made, root)
    with pytest.raises(NotProven):
        merkle.check_inclusion(NOTHING, index, size, made, root)
    with pytest.raises(NotProven):
        merkle.check_inclusion(d[index], index, size, made, NOTHING)


def hostile(made: list[bytes]) -> list[list[bytes]]:
    """What an attacker may do to a list of hashes."""
    longer = [[*made, NOTHING], [NOTHING, *made], [*made, *made] if made else [NOTHING, NOTHING]]
    shorter = [made[:-1], made[1:]] if made else []
    doubled = [[*made[: i + 1], *made[i:]] for i in range(len(made))]
    swapped = [[*made[:i], made[i + 1], made[i], *made[i + 2 :]] for i in range(len(made) - 1)]
    flipped = [[*made[:i], bytes([hash[0] ^ 1]) + hash[1:], *made[i + 1 :]] for i, hash in enumerate(made)]
    cut = [[*made[:i], made[i][:31], *made[i + 1 :]] for i in range(len(made))]
    joined = [[*made[:i], made[i] + made[i + 1], *made[i + 2 :]] for i in range(len(made) - 1)]
    endless = [made + [NOTHING] * 100]
    return [*longer, *shorter, *doubled, *swapped, *flipped, *cut, *joined, *endless]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 21])
def test_no_altered_inclusion_proof_verifies(size: int) -> None:
    d = leaves(size)
    for index in range(size):
        made = path(index, d)
        for altered in hostile(made):
            with pytest.raises(NotProven):
                merkle.check_inclusion(d[index], index, size, altered, mth(d))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 21])
def test_no_altered_consistency_proof_verifies(size: int) -> None:
    d = leaves(size)
    for first in range(1, size + 1):
        made = subproof(first, d, True)
        for altered in hostile(made):
            with pytest.raises(NotProven):
                merkle.check_consistency(first, size, altered, mth(d[:first]), mth(d))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_a_rewritten_history_has_no_consistency_proof(first: int, more: int, data: st.DataObject) -> None:
    """Threat 19: whatever path of the new log is shown, the old root is not reached."""
    d = leaves(first + more)
    changed = data.draw(st.integers(0, first - 1))
    forged = [*d[:changed], NOTHING, *d[changed + 1 :]]
    for proof in (subproof(first, forged, True), subproof(first, d, True)):
        with pytest.raises(NotProven):
            merkle.check_consistency(first, first + more, proof, mth(d[:first]), mth(forged))


def test_an_empty_log_has_no_entry_and_is_the_beginning_of_every_log() -> None:
    d = leaves(5)
    with pytest.raises(NotProven):
        merkle.check_inclusion(d[0], 0, 0, [], NOTHING)
    merkle.check_consistency(0, 5, [], NOTHING, mth(d))
    merkle.check_consistency(0, 0, [], NOTHING, NOTHING)
    for wrong in (
        (0, 5, [NOTHING], NOTHING, mth(d)),
        (0, 5, [], d[0], mth(d)),
        (0, 0, [], d[0], d[0]),
        (5, 0, [], mth(d), NOTHING),
        (5, 4, [], mth(d), mth(d[:4])),
        (-1, 5, [], NOTHING, mth(d)),
        (5, 5, [], mth(d), d[0]),
        (5, 5, [mth(d)], mth(d), mth(d)),
        (4, 5, [], mth(d[:4]), mth(d)),
    ):
        with pytest.raises(NotProven):
            merkle.check_consistency(*wrong)


def test_the_tree_of_tiles_is_the_tree_of_the_frontier() -> None:
    d = leaves(600)
    for size in (0, 1, 255, 256, 257, 512, 600):
        assert merkle.tree_hash(fetch(d), 0, size) == mth(d[:size]) == Frontier().extend(d[:size]).root()


def test_a_proof_in_a_large_log_needs_few_hashes() -> None:
    """From tiles, not from leaves: that is what keeps `prove` quick in a log of a million."""
    asked: list[int] = []

    def hashes(level: int, first: int, last: int) -> list[bytes]:
        asked.append(last - first)
        return [NOTHING] * (last - first)

    assert len(merkle.inclusion(hashes, 777_777, 1_000_000)) == 20
    assert sum(asked) < 1500
    assert len(asked) < 60
