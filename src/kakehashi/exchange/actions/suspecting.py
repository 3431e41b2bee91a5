"""A partner revoked a key: what that key signed after the last good entry is hidden, and kept as evidence."""

from collections.abc import Collection, Iterator
from datetime import datetime

import orjson

from kakehashi.audit.actions import note
from kakehashi.exchange.actions.showing import hide
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.models import Chain, Channel, Entry, Evidence, Quarantine

REVOKED = "key-revoked"


def suspect(keys: KeySet, names: Collection[str], now: datetime) -> int:
    """Look again at what was accepted before `keys` revoked the keys `names`; gives how many entries fell."""
    rows = Channel.objects.filter(own=False, origin=keys.node).select_related("feed")
    return sum(_suspect(channel, keys, names, now) for channel in rows)


def fallen(channel: Channel, keys: KeySet, names: Collection[str]) -> Iterator[Entry]:
    """Entries by the keys `names`, which `keys` revokes, after the last that their owner stands by."""
    bounds = [keys.vouched(name, channel.name) for name in names]
    if not bounds:
        return
    rows = Entry.objects.filter(channel=channel, index__gt=min(*bounds, channel.size)).order_by("index")
    for entry in rows.iterator(chunk_size=500):
        method = orjson.loads(bytes(entry.header))["proof"].get("verificationMethod")
        if method in names and entry.index > keys.vouched(method, channel.name):
            yield entry


def _suspect(channel: Channel, keys: KeySet, names: Collection[str], now: datetime) -> int:
    indices = set()
    for entry in fallen(channel, keys, names):
        indices.add(entry.index)
        Quarantine.objects.update_or_create(
            channel=channel,
            index=entry.index,
            defaults={"code": REVOKED},
            create_defaults={"code": REVOKED, "first_seen": now},
        )
        if entry.record and Chain.objects.filter(channel=channel, live=entry.index).exists():
            hide(channel, entry.record, now)
    if indices:
        signed = channel.feed.note.encode()
        Evidence.objects.create(channel=channel, at=now, code=REVOKED, ours=signed, theirs=keys.data)
        facts = {"code": REVOKED, "count": len(indices), "first": min(indices)}
        note(at=now, actor=keys.node, action="exchange.alarm", object=channel.name, **facts)
    return len(indices)
