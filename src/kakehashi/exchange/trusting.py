"""Reads what pages are judged by, and this node's own signed by: places, key sets, agreements."""

from datetime import datetime

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.errors import ExchangeError, LogError
from kakehashi.exchange import keyset, own
from kakehashi.exchange.header import Signer
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import frontier
from kakehashi.exchange.models import Channel, KeySetVersion
from kakehashi.exchange.verify import Position, Trust


def position_of(channel: Channel) -> Position:
    """Where this node stands in a channel."""
    grown = frontier(channel.size, bytes(channel.frontier))
    return Position(channel.name, grown, channel.keyset, channel.agreement, channel.state == "ended")


def trust(channel: Channel, now: datetime) -> Trust:
    """What this node trusts of a channel's origin. LogError keyset-stale without a fresh key set."""
    rows = list(KeySetVersion.objects.filter(node=channel.origin).order_by("version"))
    known = {row.hash: keyset.stored(bytes(row.data)) for row in rows}
    latest = known[rows[-1].hash] if rows else None
    if latest is None or latest.honoured_until(rows[-1].fetched_at) <= now:
        raise LogError("keyset-stale", "the partner's key set could not be fetched for too long")
    versions = agreements.of_lineage(WORKER, channel.lineage)
    return Trust(
        me=this.node().name,
        latest=latest,
        keysets=known,
        standing=agreements.current(WORKER, channel.lineage),
        versions={standing["hash"] for standing in versions if standing["state"] in ("active", "ended")},
        now=now,
    )


def latest_keyset(node: str) -> tuple[KeySet, datetime] | None:
    """The newest verified key set of a node, and when it was last fetched."""
    row = KeySetVersion.objects.filter(node=node).order_by("-version").first()
    return (keyset.stored(bytes(row.data)), row.fetched_at) if row else None


def public_http_key(key_id: str, now: datetime) -> str | None:
    """The key that a request names, if it is an http key in the fresh key set of the node it names.

    ExchangeError (key-revoked) if that node has revoked it.
    """
    found = latest_keyset(keyset.node_of(key_id) or "")
    if found is None or found[0].honoured_until(found[1]) <= now:
        return None
    if key_id in found[0].revoked:
        raise ExchangeError("key-revoked")
    return found[0].public(key_id, "http")


def own_keys() -> KeySet | None:
    """This node's published key set."""
    found = latest_keyset(this.node().name)
    return found[0] if found else None


def own_signer(use: str) -> Signer:
    """The key that signs checkpoints, receipts or requests of this node now."""
    return own.signer(this.node(), use, own_keys())


def record_signer(channel: Channel) -> Signer:
    """The key that signs the next entry of an own channel: by the key set in force there."""
    return own.signer(this.node(), "record", by_hash(channel.keyset) or own_keys())


def by_hash(hash: str) -> KeySet | None:
    """The verified key set of that name."""
    row = KeySetVersion.objects.filter(hash=hash).first()
    return keyset.stored(bytes(row.data)) if row else None


def own_log_keys() -> list[str]:
    """Every log key that this node ever published: a partner may cosign what an older one signed."""
    rows = KeySetVersion.objects.filter(node=this.node().name).values_list("data", flat=True)
    return sorted({public for data in rows for public in keyset.stored(bytes(data)).all_of("log")})
