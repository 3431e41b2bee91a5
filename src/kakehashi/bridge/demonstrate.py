"""What two demonstration nodes do by themselves: meet, and sign their agreement once.

Between real nodes people do this: they compare fingerprints by telephone and sign with keys that are not on
the node. Here both nodes live in one home, so each reads the other's card there.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions, demonstration, own, queries
from kakehashi.agreements.cards import party_of
from kakehashi.agreements.models import Agreement
from kakehashi.agreements.terms import State
from kakehashi.importers.demonstration import name_agreement
from kakehashi.node import Node, nodes
from kakehashi.signing.keys import fingerprint

PROPOSES = "munich"
PATIENCE = 60.0  # seconds that the other side waits for the draft
PAUSE = 0.1


def other() -> Node | None:
    """The other demonstration node of this home, if there is one."""
    here = this.node()
    return next((n for n in nodes(here.folder.parent) if n.demo and n.name != here.name), None)


def introduce(*, now: datetime) -> None:
    """Add the other node as partner, its fingerprint confirmed."""
    partner = other()
    if partner is None or queries.partners(WORKER).filter(pk=partner.name).exists():
        return
    card = own.card(partner)
    actions.add_partner(viewer=WORKER, card=card, own=this.node().name, now=now)
    actions.confirm_fingerprint(viewer=WORKER, node=partner.name, said=fingerprint(card["root"][0]), now=now)


def sign_once(*, clock: Callable[[], datetime]) -> None:
    """Propose and sign, or wait for the draft and sign; nothing if there ever was an agreement."""
    here, partner = this.node(), other()
    if partner is None or queries.agreements(WORKER).exclude(state=State.PROPOSED).exists():
        return
    signed = _propose(here, partner, clock()) if here.side == PROPOSES else _await_draft(clock)
    if signed is not None:
        name_agreement(side=here.side, viewer=WORKER, agreement=signed.lineage, now=clock())


def _propose(here: Node, partner: Node, now: datetime) -> Agreement:
    proposed = queries.agreements(WORKER).first()
    if proposed is None:
        parties = {node.side: party_of(own.card(node)) for node in (here, partner)}
        # The term begins a moment ago, so that the agreement is in force as soon as both have signed.
        document = demonstration.draft(
            id=uuid4(), munich=parties["munich"], osaka=parties["osaka"], starts=now - timedelta(minutes=1)
        )
        proposed = actions.propose(viewer=WORKER, document=document, own=party_of(own.card(here)), now=now)
    return actions.sign_with_node_root(viewer=WORKER, hash=proposed.hash, node=here, now=now)


def _await_draft(clock: Callable[[], datetime]) -> Agreement | None:
    here, until = this.node(), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        draft = (
            queries.agreements(WORKER).filter(state=State.PROPOSED).exclude(proofs__node=here.name).first()
        )
        if draft is not None:
            return actions.sign_with_node_root(viewer=WORKER, hash=draft.hash, node=here, now=clock())
        time.sleep(PAUSE)
    return None
