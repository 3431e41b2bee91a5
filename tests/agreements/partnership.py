"""Steps that many tests begin with: a partner added, a proposal made, an agreement signed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kakehashi.agreements import actions, signatures
from kakehashi.agreements.models import Agreement, Partner
from kakehashi.node import Node
from kakehashi.signing import canonical
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import PrivateKey, fingerprint
from kakehashi.signing.proof import document_hash
from tests.agreements.parties import MUNICH, OSAKA, bilateral, card, party, signed
from tests.cast import MANAGER
from tests.home import MUNICH as HOME

HERE, THERE = "munich.example", "osaka.example"
OWN = party(HERE, MUNICH)


def partner(now: datetime, node: str = THERE, key: PrivateKey = OSAKA, *, confirmed: bool = True) -> Partner:
    found = actions.add_partner(viewer=MANAGER, card=card(node, key), own=HERE, now=now)
    if confirmed:
        said = fingerprint(key.public)
        found = actions.confirm_fingerprint(viewer=MANAGER, node=node, said=said, now=now)
    return found


def proposal(now: datetime, document: dict[str, Any] | None = None) -> Agreement:
    """A draft of this node's own, not yet signed."""
    return actions.propose(viewer=MANAGER, document=document or bilateral(), own=OWN, now=now)


def sign_here(agreement: Agreement, now: datetime) -> Agreement:
    proof = signatures.sign(agreement.document, HERE, MUNICH, now)
    return actions.add_proof(viewer=MANAGER, hash=agreement.hash, proof=proof, own=HERE, now=now)


def sign_there(agreement: Agreement, now: datetime, node: str = THERE, key: PrivateKey = OSAKA) -> Agreement:
    proof = canonical.encode(signatures.sign(agreement.document, node, key, now))
    return actions.receive_proof(data=proof, hash=agreement.hash, sender=node, now=now)


def active(now: datetime, document: dict[str, Any] | None = None) -> Agreement:
    """An agreement with Osaka in force."""
    partner(now)
    agreement = proposal(now, document)
    sign_here(agreement, now)
    sign_there(agreement, now)
    agreement.refresh_from_db()
    return agreement


def received(now: datetime, document: dict[str, Any] | None = None, sender: str = THERE) -> Agreement:
    """A draft that came from a partner with its signature."""
    whole = signed(document or bilateral(), sender)
    data = canonical.encode(whole)
    return actions.receive_draft(data=data, hash=document_hash(whole), sender=sender, own=OWN, now=now)[0]


def home(folder: Path, **changes: Any) -> Node:
    """This node with its root key in a folder of its own, as in the demonstration."""
    node = replace(HOME, folder=folder, **changes)
    Keyring(node.key_folder).store("root", MUNICH)
    return node
