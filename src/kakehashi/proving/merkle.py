"""Merkle proofs of RFC 9162, section 2.1: made from the hashes of full tiles, checked from hashes alone."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from kakehashi.errors import NotProven
from kakehashi.exchange.log import HASH_BYTES, Frontier, node_hash

TILE = (
    256  # hashes in a full tile (C2SP tlog-tiles), each of which is the root of a full tile one level below
)
_HEIGHT = 8

# (level, first, last) to the hashes of that level: of leaves on level 0, each of 256**level leaves above.
Fetch: TypeAlias = Callable[[int, int, int], Sequence[bytes]]


def tree_hash(fetch: Fetch, start: int, end: int) -> bytes:
    """MTH(D[start:end]); `start` is a multiple of the smallest power of two that holds the range."""
    peaks: list[tuple[int, bytes]] = []
    while start < end:
        level = _level(start, end)
        span = TILE**level
        last = end // span
        for hash in fetch(level, start // span, last):
            height = _HEIGHT * level
            while peaks and peaks[-1][0] == height:
                height, hash = height + 1, node_hash(peaks.pop()[1], hash)
            peaks.append((height, hash))
        start = last * span
    if not peaks:
        return Frontier().root()
    _, root = peaks.pop()
    while peaks:
        root = node_hash(peaks.pop()[1], root)
    return root


def tile_hash(hashes: Sequence[bytes]) -> bytes:
    """The root of one full tile."""
    return Frontier().extend(list(hashes)).root()


def inclusion(fetch: Fetch, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` (section 2.1.3.1), from the leaf upward."""
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree_hash(fetch, middle, end))
            end = middle
        else:
            path.append(tree_hash(fetch, start, middle))
            start = middle
    return path[::-1]


def consistency(fetch: Fetch, first: int, second: int) -> list[bytes]:
    """The proof that the tree of size `first` is the beginning of that of `second` (section 2.1.4.1)."""
    if first in (0, second):
        return []
    path, start, end = [], 0, second
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(tree_hash(fetch, middle, end))
            end = middle
        else:
            path.append(tree_hash(fetch, start, middle))
            start = middle
    if start:
        path.append(tree_hash(fetch, start, end))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise NotProven unless `path` leads from the leaf hash at `index` to `root` (section 2.1.3.2)."""
    _must(0 <= index < size, "the entry lies beyond the end of the log")
    _must_be_hashes(leaf, root, *path)
    place, last, found = index, size - 1, leaf
    for hash in path:
        _must(last > 0, "the inclusion proof is too long")
        if place & 1 or place == last:
            found = node_hash(hash, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash)
        place, last = place >> 1, last >> 1
    _must(last == 0, "the inclusion proof is too short")
    _must(found == root, "the inclusion proof does not lead to the signed root")


def check_consistency(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Raise NotProven unless the tree of size `first` is the beginning of the other (section 2.1.4.2)."""
    _must(0 <= first <= second, "the second log is shorter than the first")
    _must_be_hashes(first_root, second_root, *path)
    if first in (0, second):
        _must(not path, "the consistency proof is too long")
        _must(first > 0 or first_root == Frontier().root(), "a log of nothing has the hash of nothing")
        _must(first < second or first_root == second_root, "two roots of one size")
        return
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    rest = list(path)
    old = new = first_root if place == 0 else (rest.pop(0) if rest else b"")
    for hash in rest:
        _must(last > 0, "the consistency proof is too long")
        if place & 1 or place == last:
            old, new = node_hash(hash, old), node_hash(hash, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, hash)
        place, last = place >> 1, last >> 1
    _must(last == 0, "the consistency proof is too short")
    _must(old == first_root, "the consistency proof does not lead to the first root")
    _must(new == second_root, "the consistency proof does not lead to the second root")


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _level(start: int, end: int) -> int:
    """The highest level whose full tiles begin at `start` and fit before `end`."""
    level = 0
    while start % TILE ** (level + 1) == 0 and start + TILE ** (level + 1) <= end:
        level += 1
    return level


def _must_be_hashes(*hashes: bytes) -> None:
    _must(all(len(hash) == HASH_BYTES for hash in hashes), "a hash has 32 bytes")


def _must(condition: bool, detail: str) -> None:
    if not condition:
        raise NotProven(detail)
