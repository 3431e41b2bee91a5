"""Key sets: this node's own published, those of partners remembered; nothing is stored before it verified."""

from datetime import datetime, timedelta

from django.db import transaction

from kakehashi import this
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import own as agreements_own
from kakehashi.audit.actions import note
from kakehashi.errors import LogError
from kakehashi.exchange import keyset, own, rotation
from kakehashi.exchange.actions import suspecting
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.models import KeySetVersion
from kakehashi.exchange.trusting import latest_keyset
from kakehashi.signing import canonical
from kakehashi.signing.keyring import Keyring

RENEW_BEFORE = timedelta(days=30)


def ensure_own(*, now: datetime) -> KeySet | None:
    """This node's key set; in the demonstration made, and renewed in time, with the root key in its home."""
    node = this.node()
    known = latest(node.name)
    if known and (known.not_after > now + RENEW_BEFORE or not node.demo):
        return known
    if not node.demo or not Keyring(node.key_folder).has("root"):
        return known
    document = rotation.following(known, base=node.base, now=now) if known else first_own(now=now)
    return publish_own(data=sign_here(document, now=now), now=now)


def first_own(*, now: datetime, threshold: int = 1) -> rotation.Document:
    """Version 1 of this node's key set, to be signed by the root keys wherever they are."""
    node = this.node()
    return keyset.build(
        node=node.name,
        base=node.base,
        root=agreements_own.root_keys(node),
        threshold=threshold,
        keys=own.first_keys(node),
        now=now,
    )


def sign_here(document: rotation.Document, *, now: datetime) -> bytes:
    """The signed set, in the demonstration: its root key lies in the node's own folder."""
    root = Keyring(this.node().key_folder).key("root")
    return canonical.encode(rotation.with_proof(document, root, [root.public], now))


@transaction.atomic
def publish_own(*, data: bytes, now: datetime) -> KeySet:
    """Store a signed key set of this node as the one that it publishes. LogError says what is wrong with it.

    Other roots that an operator has written into keys/root.pub count for themselves: the way to go on after
    the old ones were lost.
    """
    node = this.node()
    known = latest(node.name)
    found = _judged(data, node.name, agreements_own.root_keys(node), known)
    if known is None or known.version != found.version:
        _store(found, now)
        note(at=now, actor="worker", action="exchange.keyset", object=node.name, version=found.version)
    return found


@transaction.atomic
def remember(*, node: str, data: bytes, roots: list[str], now: datetime) -> KeySet:
    """Take in a partner's key set: the one known, or the next. `roots`: those that a person has confirmed."""
    known = latest(node)
    found = _judged(data, node, roots, known)
    if set(found.roots) != set(roots):
        raise LogError("root-changed", "the partner has new root keys; compare their fingerprint first")
    if known and known.version == found.version:
        KeySetVersion.objects.filter(node=node, version=known.version).update(fetched_at=now)
        return found
    _store(found, now)
    note(at=now, actor=node, action="exchange.remember-keyset", object=node, version=found.version)
    suspecting.suspect(found, found.revoked.keys() - (known.revoked.keys() if known else set()), now)
    return found


def offer_roots(*, node: str, data: bytes, now: datetime) -> None:
    """Put the root keys of a partner's next key set, which the present ones have signed, before a person."""
    _, found = keyset.read(data, node=node)
    agreements.propose_roots(node=node, roots=list(found.roots), now=now)


@transaction.atomic
def remember_former(*, data: bytes, follows: KeySet, now: datetime) -> KeySet:
    """Take in the version before `follows`, which names its hash; needed to judge entries of that time."""
    found = keyset.parse_former(data, follows=follows)
    if not KeySetVersion.objects.filter(hash=found.hash).exists():
        _store(found, now)
    return found


def latest(node: str) -> KeySet | None:
    """The newest verified key set of a node."""
    found = latest_keyset(node)
    return found[0] if found else None


def _judged(data: bytes, node: str, roots: list[str], known: KeySet | None) -> KeySet:
    """Signed by the roots of the version before, or by others that a person named since; and next to it."""
    if known is None:
        return keyset.parse(data, node=node, roots=roots)
    try:
        found = keyset.parse(data, node=node, roots=known.roots, threshold=known.threshold)
    except LogError:
        if set(roots) == set(known.roots):
            raise
        found = keyset.parse(data, node=node, roots=roots)
    keyset.check_successor(known, found)
    return found


def _store(found: KeySet, now: datetime) -> None:
    KeySetVersion.objects.create(
        node=found.node, version=found.version, hash=found.hash, data=found.data, fetched_at=now
    )
