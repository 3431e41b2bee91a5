"""Ending an agreement: declared by one party, signed by its root key, honouring the notice."""

from datetime import datetime, timedelta

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import own as own_roots
from kakehashi.agreements import signatures, terms
from kakehashi.agreements.actions.deliveries import enqueue
from kakehashi.agreements.actions.guard import locked, managers_only
from kakehashi.agreements.actions.life import advance
from kakehashi.agreements.document import Document, party
from kakehashi.agreements.models import Agreement, Termination
from kakehashi.agreements.queries import standing, trusted_roots
from kakehashi.agreements.shape import gettext_noop
from kakehashi.agreements.terms import State
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput, NodeMisconfigured, NotAllowed, NotFound
from kakehashi.node import Node
from kakehashi.signing.commit import parse_stamp, stamp
from kakehashi.signing.keyring import Keyring

# A notice counts from the day it is declared, so that day must be believable when it arrives.
LONGEST_WAY = timedelta(days=7)
CLOCK_SKEW = timedelta(minutes=10)
NOT_NOW = gettext_noop("This termination was declared too long ago, or in the future, to be accepted now.")


def draft_termination(
    *, viewer: Viewer, agreement: Agreement, own: str, effective: datetime, reason: str, now: datetime
) -> Document:
    """The document to be signed by the root key; checked, not stored."""
    managers_only(viewer)
    _check_open(agreement)
    issued = parse_stamp(stamp(now))  # whole seconds, as signed
    terms.check_end(standing(agreement), effective=effective, issued=issued, reason=reason)
    return signatures.termination(agreement.hash, own, effective, reason, issued)


@transaction.atomic
def end(*, viewer: Viewer, ending: Document, own: str, now: datetime) -> Agreement:
    """Declare the end with a termination that one's own root key has signed, and leave it to be delivered."""
    managers_only(viewer)
    agreement = locked(ending["agreement"])
    if ending["by"] != own:
        raise InvalidInput({"by": [signatures.NOT_BY_ENDER]})
    if _store(agreement, ending, actor=viewer.actor, now=now):
        enqueue(agreement, own=own, what="termination", document=ending, now=now)
    return agreement


@transaction.atomic
def end_with_node_root(
    *, viewer: Viewer, agreement: Agreement, node: Node, effective: datetime, reason: str, now: datetime
) -> Agreement:
    """Declare the end at once with the root key in the node's own home: in the demonstration only."""
    if not node.demo:
        raise NotAllowed("the root key of a real node is not on the node")
    ending = draft_termination(
        viewer=viewer, agreement=agreement, own=node.name, effective=effective, reason=reason, now=now
    )
    key = Keyring(node.key_folder).key("root")
    ending["proof"] = [signatures.sign(ending, node.name, key, now)]
    return end(viewer=viewer, ending=ending, own=node.name, now=now)


@transaction.atomic
def receive_termination(*, data: bytes, hash: str, sender: str, now: datetime) -> Agreement:
    """Take in a termination from a party; repeating it changes nothing."""
    agreement = locked(hash)
    if party(agreement.document, sender) is None:
        raise NotFound(hash)
    ending = signatures.parse_termination(data)
    if ending["by"] != sender:
        raise InvalidInput({"by": [signatures.NOT_BY_ENDER]})
    _store(agreement, ending, actor=sender, now=now)
    return agreement


def _store(agreement: Agreement, ending: Document, *, actor: str, now: datetime) -> bool:
    """Keep the termination and bring the end forward; False if it is here already."""
    former = agreement.terminations.filter(by=ending["by"]).first()
    if former is not None and former.document == ending:
        return False
    if former is not None:
        raise Conflict("this party has declared the end already")
    _check_open(agreement)
    signatures.check_termination(ending, agreement.document, agreement.hash, _present_roots(ending["by"]))
    issued, effective = parse_stamp(ending["issued"]), parse_stamp(ending["effective"])
    if not now - LONGEST_WAY <= issued <= now + CLOCK_SKEW:
        raise InvalidInput({"issued": [NOT_NOW]})
    terms.check_end(standing(agreement), effective=effective, issued=issued, reason=ending["reason"])
    Termination.objects.create(
        agreement=agreement,
        by=ending["by"],
        document=ending,
        effective=effective,
        reason=ending["reason"],
        received_at=now,
    )
    agreement.ends = min(agreement.ends, effective)
    agreement.save(update_fields=["ends"])
    note(at=now, actor=actor, action="agreements.terminate", object=agreement.hash, by=ending["by"])
    advance(agreement, actor=actor, now=now)
    return True


def _present_roots(node: str) -> list[str]:
    """The root keys of today, where they were rotated since the agreement was signed."""
    here = this.node()
    if node != here.name:
        return trusted_roots(node)
    try:
        return own_roots.root_keys(here)
    except NodeMisconfigured:
        return []


def _check_open(agreement: Agreement) -> None:
    signed = agreement.state == State.PROPOSED and agreement.signed_at is not None
    if agreement.state != State.ACTIVE and not signed:
        raise Conflict("only an agreement that all have signed, and that has not ended, can be ended")
