"""The Merkle log of RFC 6962 (section 2.1): leaf hashes, and a frontier that grows and knows its root."""

import hashlib
from dataclasses import dataclass

from kakehashi.errors import LogError

HASH_BYTES = 32
CHECKPOINT_EVERY = 256  # sizes at which every channel keeps a checkpoint, so that pages can end there


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry: the canonical bytes of its header, proof included."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """The roots of the perfect subtrees that make up the first `size` leaves, largest first: 32 bytes each.

    All that a receiver needs to keep in order to check every later root against all it ever saw.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier with one more leaf hash."""
        return self.extend([leaf])

    def extend(self, leaves: list[bytes]) -> "Frontier":
        """The frontier with more leaf hashes, in order."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            full = size  # as many merges as the old size has trailing one bits
            while full & 1:
                leaf = node_hash(peaks.pop(), leaf)
                full >>= 1
            peaks.append(leaf)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """The tree head; of no leaves, the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """The peaks joined, as they are stored beside the size."""
        return b"".join(self.peaks)


def frontier(size: int, stored: bytes) -> Frontier:
    """A stored frontier; LogError if size and bytes do not belong together."""
    if size < 0 or len(stored) != HASH_BYTES * size.bit_count():
        raise LogError("root-mismatch", "stored frontier is damaged")
    return Frontier(size, tuple(stored[i : i + HASH_BYTES] for i in range(0, len(stored), HASH_BYTES)))


def page_end(start: int, limit: int, size: int) -> int:
    """Where a page from `start` ends: at the newest size, or at the last stored checkpoint within `limit`."""
    if size <= start + limit:
        return size
    end = (start + limit) // CHECKPOINT_EVERY * CHECKPOINT_EVERY
    return end if end > start else min(size, end + CHECKPOINT_EVERY)
