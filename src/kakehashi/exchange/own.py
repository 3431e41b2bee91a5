"""This node's own keys for the exchange: generations of each use, read from its keyring once per process."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from kakehashi.exchange.header import Signer
from kakehashi.exchange.keyset import USES, KeySet, key_id
from kakehashi.node import Node
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import PrivateKey

FRAGMENTS = {"record": "rec", "log": "log", "http": "http"}
_FRAGMENT = re.compile(r"(rec|log|http)-([1-9][0-9]{0,5})")


def signer(node: Node, use: str, keys: KeySet | None) -> Signer:
    """The newest key of one use that `keys` lists, with its id; before anything is published, the first."""
    number = newest(use, keys.keys) if keys else 1
    return Signer(private(node, use, number), name_of(node, use, number))


def private(node: Node, use: str, generation: int = 1) -> PrivateKey:
    """The private key of one use and generation; NotFound if it is not there."""
    return _key(node.key_folder, file_name(use, generation))


def name_of(node: Node, use: str, generation: int) -> str:
    """The id under which partners know a key: `https://<node>/.well-known/kx#rec-2`."""
    return key_id(node.name, f"{FRAGMENTS[use]}-{generation}")


def file_name(use: str, generation: int) -> str:
    """The name of a key in the keyring: `record`, later ones `record-2`."""
    return use if generation == 1 else f"{use}-{generation}"


def newest(use: str, key_ids: Iterable[str]) -> int:
    """The highest generation of one use among key ids; 0 if there is none."""
    found = (_FRAGMENT.fullmatch(each.partition("#")[2]) for each in key_ids)
    return max((int(match[2]) for match in found if match and match[1] == FRAGMENTS[use]), default=0)


def first_keys(node: Node) -> dict[str, tuple[str, str]]:
    """The rows of a first key set: key id to (use, public key)."""
    return {name_of(node, use, 1): (use, private(node, use).public) for use in USES}


def next_key(node: Node, use: str, known: KeySet) -> tuple[str, tuple[str, str]]:
    """The row of the next generation; its key is made unless a request that was never published made it."""
    number = newest(use, [*known.keys, *known.revoked]) + 1
    ring, name = Keyring(node.key_folder), file_name(use, number)
    key = ring.key(name) if ring.has(name) else ring.create(name)
    return name_of(node, use, number), (use, key.public)


@lru_cache(maxsize=64)
def _key(folder: Path, name: str) -> PrivateKey:
    return Keyring(folder).key(name)
