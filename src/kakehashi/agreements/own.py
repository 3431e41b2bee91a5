"""What this node says of itself to partners: its card, with the public root keys kept in its folder."""

from collections.abc import Iterable
from pathlib import Path

from kakehashi.agreements.cards import Card, card_of
from kakehashi.errors import NodeMisconfigured
from kakehashi.node import Node
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import public_bytes


def root_keys(node: Node) -> list[str]:
    """Public root keys: of the private key in the demonstration, else the lines of `keys/root.pub`."""
    if node.demo and Keyring(node.key_folder).has("root"):
        return [Keyring(node.key_folder).key("root").public]
    path = _file(node)
    try:
        lines = path.read_text("ascii").split()
    except OSError as problem:
        raise NodeMisconfigured(
            f"{path} is missing: write the public root key of this node into it"
        ) from problem
    for public in lines:
        public_bytes(public)
    return lines


def keep_root_keys(node: Node, roots: Iterable[str]) -> None:
    """Write `keys/root.pub` anew, whole or not at all, after a rotation."""
    draft = _file(node).with_suffix(".new")
    draft.write_text("\n".join(roots) + "\n", "ascii")
    draft.replace(_file(node))


def _file(node: Node) -> Path:
    return node.key_folder / "root.pub"


def card(node: Node) -> Card:
    """The card of this node."""
    return card_of(node, root_keys(node))
