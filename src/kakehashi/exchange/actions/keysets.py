"""Key sets: this node's own published, those of partners remembered; nothing is stored before it verified."""

from datetime import datetime, timedelta

from django.db import transaction

from kakehashi import this
from kakehashi.agreements import own as agreements_own
from kakehashi.audit.actions import note
from kakehashi.errors import LogError
from kakehashi.exchange import keyset, own
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.models import KeySetVersion
from kakehashi.exchange.trusting import latest_keyset
from kakehashi.signing import canonical, proof
from kakehashi.signing.keyring import Keyring

RENEW_BEFORE = timedelta(days=30)


def ensure_own(*, now: datetime) -> KeySet | None:
    """This node's key set; in the demonstration made, and renewed in time, with the root key in its home."""
    node = this.node()
    known = latest(node.name)
    if known and (known.not_after > now + RENEW_BEFORE or not node.demo):
        return known
    keyring = Keyring(node.key_folder)
    if not node.demo or not keyring.has("root"):
        return known
    root = keyring.key("root")
    document = draft_own(now=now)
    signed = proof.sign(document, root, method=keyset.key_id(node.name, "root-1"), created=now)
    return publish_own(data=canonical.encode({**document, "proof": [signed]}), now=now)


def draft_own(*, now: datetime) -> dict[str, object]:
    """The next version of this node's key set, to be signed by the root key wherever that is."""
    node = this.node()
    known = latest(node.name)
    return keyset.build(
        node=node.name,
        base=node.base,
        root=agreements_own.root_keys(node),
        keys=own.key_rows(node),
        now=now,
        version=known.version + 1 if known else 1,
        prev=known.hash if known else None,
    )


@transaction.atomic
def publish_own(*, data: bytes, now: datetime) -> KeySet:
    """Publish a signed key set of this node. LogError says what is wrong with it."""
    node = this.node()
    found = keyset.parse(data, node=node.name, roots=agreements_own.root_keys(node))
    known = latest(node.name)
    if known:
        keyset.check_successor(known, found)
    if known is None or known.version != found.version:
        _store(found, now)
        note(at=now, actor="worker", action="exchange.keyset", object=node.name, version=found.version)
    return found


@transaction.atomic
def remember(*, node: str, data: bytes, roots: list[str], now: datetime) -> KeySet:
    """Take in a partner's key set: the one known, or the next. `roots`: those of the confirmed partner."""
    known = latest(node)
    trusted, threshold = (known.roots, known.threshold) if known else (tuple(roots), 1)
    found = keyset.parse(data, node=node, roots=trusted, threshold=threshold)
    if set(found.roots) != set(roots):
        raise LogError("root-changed", "the partner has new root keys; compare their fingerprint first")
    if known:
        keyset.check_successor(known, found)
    if known and known.version == found.version:
        KeySetVersion.objects.filter(node=node, version=known.version).update(fetched_at=now)
        return found
    _store(found, now)
    note(at=now, actor=node, action="exchange.remember-keyset", object=node, version=found.version)
    return found


@transaction.atomic
def remember_former(*, node: str, data: bytes, roots: list[str], follows: KeySet, now: datetime) -> KeySet:
    """Take in the version before `follows`, which names its hash; needed to judge entries of that time."""
    found = keyset.parse(data, node=node, roots=roots)
    if found.version != follows.version - 1 or found.hash != follows.prev:
        raise LogError(
            "keyset-rollback", f"version {found.version} is not what version {follows.version} follows"
        )
    if not KeySetVersion.objects.filter(hash=found.hash).exists():
        _store(found, now)
    return found


def latest(node: str) -> KeySet | None:
    """The newest verified key set of a node."""
    found = latest_keyset(node)
    return found[0] if found else None


def _store(found: KeySet, now: datetime) -> None:
    KeySetVersion.objects.create(
        node=found.node, version=found.version, hash=found.hash, data=found.data, fetched_at=now
    )
