"""How every log stands, in figures, for those who look after the node."""

from datetime import datetime

import orjson
from django.db.models import Count

from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.errors import NotFound
from kakehashi.exchange.health import Keys, Log
from kakehashi.exchange.models import Channel, Entry, Erasure, KeySetVersion, Quarantine, Receipt
from kakehashi.exchange.queries import is_over
from kakehashi.exchange.trusting import latest_keyset
from kakehashi.signing.commit import parse_stamp


def conditions(now: datetime) -> list[Log]:
    """All logs but those that are closed."""
    rows = Channel.objects.exclude(state="closed").select_related("feed").order_by("-own", "name")
    return [_own(channel, now) if channel.own else _partners(channel, now) for channel in rows]


def key_sets(now: datetime) -> list[Keys]:
    """Those of this node and of all partners that were ever fetched."""
    nodes = KeySetVersion.objects.order_by("node").values_list("node", flat=True).distinct()
    found = [(node, latest_keyset(node)) for node in nodes]
    return [Keys(node, one[0].version, one[0].not_after, one[1]) for node, one in found if one]


def _own(channel: Channel, now: datetime) -> Log:
    last = Receipt.objects.filter(channel=channel).order_by("-size", "-pk").first()
    known = last.size if last else 0
    overdue = Erasure.objects.filter(channel=channel, done_at__isnull=True, deadline__lt=now).count()
    return Log(
        name=channel.name,
        own=True,
        state=channel.state,
        size=channel.size,
        known=known,
        heard_at=_written(channel, known) if known < channel.size else None,
        quiet=_quiet(channel, now),
        overdue=overdue,
        refused=_refused(channel),
    )


def _partners(channel: Channel, now: datetime) -> Log:
    feed = channel.feed
    return Log(
        name=channel.name,
        own=False,
        state=channel.state,
        size=channel.size,
        known=max(feed.offered, channel.size),
        heard_at=feed.checked_at,
        quiet=_quiet(channel, now),
        code=feed.code,
        detail=feed.detail,
        refused=_refused(channel),
    )


def _written(channel: Channel, index: int) -> datetime:
    header = Entry.objects.values_list("header", flat=True).get(channel=channel, index=index)
    return parse_stamp(orjson.loads(bytes(header))["issued"])


def _refused(channel: Channel) -> dict[str, int]:
    rows = Quarantine.objects.filter(channel=channel).values_list("code").annotate(Count("pk"))
    return dict(rows.order_by("code"))


def _quiet(channel: Channel, now: datetime) -> bool:
    try:
        standing = agreements.current(WORKER, channel.lineage)
    except NotFound:
        return True
    return bool(standing["suspended"]) or is_over(standing, now)
