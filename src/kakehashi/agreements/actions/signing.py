"""Proposing and signing: drafts and proofs, written here or received from a partner."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import document as documents
from kakehashi.agreements import signatures
from kakehashi.agreements.actions.deliveries import enqueue
from kakehashi.agreements.actions.guard import locked, managers_only
from kakehashi.agreements.actions.life import advance
from kakehashi.agreements.document import Document, party
from kakehashi.agreements.models import Agreement, Proof
from kakehashi.agreements.queries import signed_document, signed_rival, trusted_roots
from kakehashi.agreements.shape import gettext_noop
from kakehashi.agreements.terms import State
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kakehashi.node import Node
from kakehashi.signing import canonical
from kakehashi.signing.commit import parse_stamp
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.proof import document_hash, without_proof

UNKNOWN_PARTNER = gettext_noop("A party is no partner of this node, or its fingerprint is not confirmed.")
OTHER_KEYS = gettext_noop("A party stands in the document with other root keys than are known of it.")
WRONG_HASH = gettext_noop("The document has another hash than the one it was sent under.")
NO_PROOF = gettext_noop("A draft arrives with the signature of the party that sends it.")
NO_FORMER = gettext_noop("The version that this one follows is not in force here.")


@transaction.atomic
def propose(*, viewer: Viewer, document: Document, own: Document, now: datetime) -> Agreement:
    """Store a draft of one's own; the partners get it once it is signed here. `own`: this node's party."""
    managers_only(viewer)
    documents.check(document)
    _check_parties(document, own)
    agreement, _ = _store(document, proposed_by=own["node"], now=now)
    note(at=now, actor=viewer.actor, action="agreements.propose", object=agreement.hash)
    return agreement


@transaction.atomic
def receive_draft(
    *, data: bytes, hash: str, sender: str, own: Document, now: datetime
) -> tuple[Agreement, bool]:
    """Take in a draft from a partner; gives it and whether it is new. Never activates by itself.

    NotAllowed from anybody who is not a confirmed partner and party; InvalidInput says what is wrong.
    """
    if not trusted_roots(sender):
        raise NotAllowed("not-a-party")
    document = documents.parse(data)
    if party(document, sender) is None:
        raise NotAllowed("not-a-party")
    if document_hash(document) != hash:
        raise InvalidInput({"": [WRONG_HASH]})
    _check_parties(document, own)
    proofs = signatures.signers(document, document.get("proof", []))
    if sender not in proofs:
        raise InvalidInput({"proof": [NO_PROOF]})
    agreement, created = _store(document, proposed_by=sender, now=now)
    _add(agreement, {node: proof for node, proof in proofs.items() if node != own["node"]}, sender, now)
    if created:
        note(at=now, actor=sender, action="agreements.receive_draft", object=agreement.hash)
    return agreement, created


@transaction.atomic
def add_proof(*, viewer: Viewer, hash: str, proof: Any, own: str, now: datetime) -> Agreement:
    """Add this node's own signature, made elsewhere, and leave it to be delivered to the other parties."""
    managers_only(viewer)
    agreement = _open(hash)
    if signed_rival(agreement, own):  # else two versions could come into force, one on each side
        raise Conflict("this node has signed another proposal for the same version")
    if signatures.signer(agreement.document, proof) != own:
        raise InvalidInput({"proof": [signatures.NOT_BY_A_PARTY]})
    if _add(agreement, {own: proof}, viewer.actor, now):
        proposer = agreement.proposed_by == own
        document = signed_document(agreement) if proposer else proof
        enqueue(agreement, own=own, what="draft" if proposer else "proof", document=document, now=now)
    return agreement


@transaction.atomic
def receive_proof(*, data: bytes, hash: str, sender: str, now: datetime) -> Agreement:
    """Add the signature of a party, sent by a party; repeating it changes nothing."""
    agreement = locked(hash)
    if party(agreement.document, sender) is None:
        raise NotFound(hash)
    proof = canonical.decode(data, limit=documents.MAX_BYTES)
    if agreement.state == State.VOID:
        raise Conflict("this proposal is void")
    _add(agreement, {signatures.signer(agreement.document, proof): proof}, sender, now)
    return agreement


@transaction.atomic
def sign_with_node_root(*, viewer: Viewer, hash: str, node: Node, now: datetime) -> Agreement:
    """Sign at once with the root key in the node's own home: in the demonstration only."""
    if not node.demo:
        raise NotAllowed("the root key of a real node is not on the node")
    managers_only(viewer)
    agreement = _open(hash)
    key = Keyring(node.key_folder).key("root")
    proof = signatures.sign(agreement.document, node.name, key, now)
    return add_proof(viewer=viewer, hash=hash, proof=proof, own=node.name, now=now)


def _store(document: Document, *, proposed_by: str, now: datetime) -> tuple[Agreement, bool]:
    hash = document_hash(document)
    found = Agreement.objects.select_for_update().filter(pk=hash).first()
    if found is not None:
        return found, False
    return Agreement.objects.get_or_create(
        hash=hash,
        defaults={
            "lineage": _lineage(document, hash),
            "version": document["version"],
            "document": without_proof(document),
            "proposed_by": proposed_by,
            "proposed_at": now,
            "starts": parse_stamp(document["term"]["from"]),
            "ends": parse_stamp(document["term"]["until"]),
        },
    )


def _lineage(document: Document, hash: str) -> str:
    """Version 1 begins a lineage; a later one must follow the version that was last in force here."""
    if document["prev"] is None:
        return hash
    former = Agreement.objects.filter(pk=document["prev"], activated_at__isnull=False).first()
    if former is None or former.version + 1 != document["version"] or former.document["id"] != document["id"]:
        raise InvalidInput({"prev": [NO_FORMER]})
    return former.lineage


def _add(agreement: Agreement, proofs: dict[str, Any], actor: str, now: datetime) -> int:
    """Store proofs that are not yet there and move the agreement on; gives how many were new."""
    new = 0
    for node, proof in proofs.items():
        _, created = Proof.objects.get_or_create(
            agreement=agreement,
            node=node,
            defaults={"proof": proof, "signed_at": parse_stamp(proof["created"]), "received_at": now},
        )
        if created:
            new += 1
            note(at=now, actor=actor, action="agreements.signed", object=agreement.hash, by=node)
    advance(agreement, actor=actor, now=now)
    return new


def _check_parties(document: Document, own: Document) -> None:
    """This node is a party with its own keys, all others are confirmed partners with the keys known here."""
    for each in document["parties"]:
        if each["node"] == own["node"]:
            known = own["root"]
        else:
            known = trusted_roots(each["node"])
            if not known:
                raise InvalidInput({"parties": [UNKNOWN_PARTNER]})
        if sorted(each["root"]) != sorted(known):
            raise InvalidInput({"parties": [OTHER_KEYS]})
    if party(document, own["node"]) is None:
        raise InvalidInput({"parties": [documents.NOT_A_PARTY]})


def _open(hash: str) -> Agreement:
    agreement = locked(hash)
    if agreement.state != State.PROPOSED:
        raise Conflict("only a proposal can be signed")
    return agreement
