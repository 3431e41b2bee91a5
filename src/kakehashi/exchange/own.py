"""This node's own keys for the exchange, read from its keyring once per process."""

from functools import lru_cache
from pathlib import Path

from kakehashi.exchange.header import Signer
from kakehashi.exchange.keyset import USES, key_id
from kakehashi.node import Node
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import PrivateKey

FRAGMENTS = {"record": "rec", "log": "log", "http": "http"}


def private(node: Node, use: str) -> PrivateKey:
    """The private key of one use; NotFound if it is not there."""
    return _key(node.key_folder, use)


def signer(node: Node, use: str) -> Signer:
    """The key of one use with the id under which partners know it."""
    return Signer(private(node, use), key_id(node.name, f"{FRAGMENTS[use]}-1"))


def key_rows(node: Node) -> dict[str, tuple[str, str]]:
    """The public keys as a key set lists them: key id to (use, public key)."""
    return {signer(node, use).key_id: (use, private(node, use).public) for use in USES}


@lru_cache(maxsize=64)
def _key(folder: Path, name: str) -> PrivateKey:
    return Keyring(folder).key(name)
