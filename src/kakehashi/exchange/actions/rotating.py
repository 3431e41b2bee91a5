"""Keys of this node change: drafts for the offline root keys, the signed set brought into all channels."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from kakehashi import this
from kakehashi.agreements import own as agreements_own
from kakehashi.errors import Conflict, NotFound
from kakehashi.exchange import keyset, own, rotation
from kakehashi.exchange.actions import channels, keysets
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.models import Channel, Receipt
from kakehashi.exchange.queries import readers
from kakehashi.signing import canonical


def renew(*, now: datetime, threshold: int | None = None) -> rotation.Document:
    """The next version with the same keys, valid for another 400 days; the first one if there is none."""
    known = keysets.latest(this.node().name)
    if known is None:
        return keysets.first_own(now=now, threshold=threshold or 1)
    return rotation.following(known, base=this.node().base, now=now, threshold=threshold)


def rotate(uses: Collection[str], *, now: datetime) -> rotation.Document:
    """The next version with a new key for each of `uses`; the keys are made here and sign nothing yet."""
    known, node = _known(), this.node()
    return rotation.following(
        known, base=node.base, now=now, add=dict(own.next_key(node, use, known) for use in uses)
    )


def rotate_root(roots: Collection[str], threshold: int, *, now: datetime) -> rotation.Document:
    """The next version with other root keys, to be signed by the present ones and by these."""
    return rotation.following(_known(), base=this.node().base, now=now, roots=roots, threshold=threshold)


def revoke(
    fragment: str, *, reason: str, since: datetime, last_good: Mapping[str, int], now: datetime
) -> rotation.Document:
    """The next version without one key, and with a new one where that was the newest of its use.

    For a compromised record key, `last_good` says up to which index of each own channel this node stands by
    what it signed; for other channels that is the last entry that every reader had cosigned at `since`.
    """
    known, node = _known(), this.node()
    name = keyset.key_id(node.name, fragment)
    if name not in known.keys:
        listed = ", ".join(each.partition("#")[2] for each in known.keys)
        raise NotFound(f"no key {fragment} is listed; there are: {listed}")
    use = known.keys[name][0]
    bounds = {**(_cosigned(since) if use == "record" and reason == keyset.COMPROMISED else {}), **last_good}
    is_newest = name == own.name_of(node, use, own.newest(use, known.keys))
    return rotation.following(
        known,
        base=node.base,
        now=now,
        add=dict([own.next_key(node, use, known)]) if is_newest else {},
        revoke=[rotation.revoked(name, since, reason, bounds)],
    )


@transaction.atomic
def publish(*, data: bytes, now: datetime) -> KeySet:
    """Publish a signed set; in the same transaction each open channel says from where on it is in force.

    What a key signed that is revoked now is said again under the new one.
    """
    found = keysets.publish_own(data=data, now=now)
    due = Channel.objects.filter(own=True, state="open").order_by("name")
    for name in list(due.values_list("name", flat=True)):
        channels.bring_into_force(name, found, now)
    node = this.node()
    if set(agreements_own.root_keys(node)) != set(found.roots):
        agreements_own.keep_root_keys(node, found.roots)
    return found


def publish_request(*, data: bytes, now: datetime) -> KeySet:
    """Publish what `read_request` reads, once enough root keys have signed it."""
    request = rotation.read_request(data)
    if request.missing:
        raise Conflict(
            f"{request.missing} signature(s) of root keys are missing: «kakehashi keys sign-offline»"
        )
    return publish(data=canonical.encode(request.document), now=now)


def _known() -> KeySet:
    known = keysets.latest(this.node().name)
    if known is None:
        raise NotFound("no key set is published yet: begin with «kakehashi keys renew»")
    return known


def _cosigned(at: datetime) -> dict[str, int]:
    """For each own channel the last index that all its readers had acknowledged at a time; -1 for none."""
    bounds = {}
    for channel in Channel.objects.filter(own=True):
        receipts = Receipt.objects.filter(channel=channel, at__lte=at)
        sizes = [
            max(receipts.filter(peer=peer).values_list("size", flat=True), default=0)
            for peer in readers(channel)
        ]
        bounds[channel.name] = min(sizes, default=0) - 1
    return bounds
