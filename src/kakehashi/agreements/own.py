"""What this node says of itself to partners: its card, with the public root keys kept in its folder."""

from kakehashi.agreements.cards import Card, card_of
from kakehashi.errors import NodeMisconfigured
from kakehashi.node import Node
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import public_bytes


def root_keys(node: Node) -> list[str]:
    """Public root keys: of the private key in the demonstration, else the lines of `keys/root.pub`."""
    if node.demo and Keyring(node.key_folder).has("root"):
        return [Keyring(node.key_folder).key("root").public]
    path = node.key_folder / "root.pub"
    try:
        lines = path.read_text("ascii").split()
    except OSError as problem:
        raise NodeMisconfigured(
            f"{path} is missing: write the public root key of this node into it"
        ) from problem
    for public in lines:
        public_bytes(public)
    return lines


def card(node: Node) -> Card:
    """The card of this node."""
    return card_of(node, root_keys(node))
