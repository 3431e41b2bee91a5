"""The log: roots as RFC 6962 defines them, frontiers that never forget, pages that end at checkpoints."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import LogError
from kakehashi.exchange.log import CHECKPOINT_EVERY, Frontier, frontier, leaf_hash, node_hash, page_end

# Certificate Transparency's reference tree: eight entries and the root after each.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def merkle_tree_head(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(merkle_tree_head(leaves[:k]), merkle_tree_head(leaves[k:]))


def test_the_reference_tree_of_certificate_transparency_is_met() -> None:
    grown = Frontier()
    for entry, root in zip(ENTRIES, ROOTS, strict=True):
        grown = grown.append(leaf_hash(bytes.fromhex(entry)))
        assert grown.root().hex() == root


@given(leaves)
def test_the_root_is_the_recursive_definition(leaves: list[bytes]) -> None:
    assert Frontier().extend(leaves).root() == merkle_tree_head(leaves)


@given(leaves, leaves)
def test_growing_in_two_steps_or_one_gives_the_same(first: list[bytes], second: list[bytes]) -> None:
    assert Frontier().extend(first).extend(second) == Frontier().extend(first + second)


@given(leaves)
def test_a_stored_frontier_comes_back_and_grows_on(leaves: list[bytes]) -> None:
    grown = Frontier().extend(leaves)
    assert frontier(grown.size, grown.to_bytes()) == grown


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_every_changed_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda leaf: leaf != leaves[place]))
    changed = [*leaves[:place], other, *leaves[place + 1 :]]
    assert Frontier().extend(leaves).root() != Frontier().extend(changed).root()


@pytest.mark.parametrize(("size", "stored"), [(1, b""), (3, bytes(32)), (-1, b""), (2, bytes(33))])
def test_a_damaged_frontier_is_refused(size: int, stored: bytes) -> None:
    with pytest.raises(LogError):
        frontier(size, stored)


@given(st.integers(0, 5000), st.integers(1, 8), st.integers(0, 6000))
def test_a_page_moves_on_and_ends_at_a_checkpoint_within_its_limit(
    start: int, blocks: int, more: int
) -> None:
    size, limit = start + more, blocks * CHECKPOINT_EVERY
    end = page_end(start, limit, size)
    assert start <= end <= min(size, start + limit)
    assert end == size or end % CHECKPOINT_EVERY == 0
    assert end > start or size == start
