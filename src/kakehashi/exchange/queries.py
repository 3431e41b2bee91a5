"""Reads of the exchange: pages of own channels for partners, and for people how reading partners goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from django.db import connection
from django.db.models import Max, Q, QuerySet, Sum

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.decide import Allow, decide
from kakehashi.agreements.terms import Standing
from kakehashi.errors import ExchangeError, LogError, NotAllowed, NotFound
from kakehashi.exchange import checkpoint
from kakehashi.exchange import page as pages
from kakehashi.exchange.buckets import PER_MINUTE
from kakehashi.exchange.checkpoint import Checkpoint
from kakehashi.exchange.log import page_end
from kakehashi.exchange.models import Channel, Entry, Erasure, Head, KeySetVersion, Part, Receipt
from kakehashi.exchange.trusting import own_signer

GRACE_DAYS = 30
DATED_WITHIN = timedelta(hours=24)
CLOSED_TO_READERS = {
    "stopped": "origin-recovering",
    "recover": "origin-recovering",
    "closed": "epoch-closed",
}


@dataclass(frozen=True)
class Lag:
    """Both directions in entries: written here and acknowledged there, offered there and applied here."""

    written: int
    acknowledged: int
    offered: int
    applied: int


def lag(now: datetime) -> Lag:
    """All channels together."""
    mine = Channel.objects.filter(own=True)
    theirs = Channel.objects.filter(own=False)
    sizes = mine.aggregate(written=Sum("size"))
    acknowledged = sum(min(acknowledged_size(channel), channel.size) for channel in mine)
    reading = theirs.aggregate(offered=Sum("feed__offered"), applied=Sum("size"))
    applied = reading["applied"] or 0
    return Lag(sizes["written"] or 0, acknowledged, max(reading["offered"] or 0, applied), applied)


def is_connected(now: datetime) -> bool:
    """True if every agreement in force has its channels, and each partner's was read at least once."""
    lineages = {standing["lineage"] for standing in agreements.running(WORKER, now)}
    mine = set(Channel.objects.filter(own=True).values_list("lineage", flat=True))
    theirs = Channel.objects.filter(own=False, feed__checked_at__isnull=False)
    return lineages <= mine and lineages <= set(theirs.values_list("lineage", flat=True))


def acknowledged_size(channel: Channel) -> int:
    """The size that every reader of an own channel has cosigned."""
    sizes = dict(Receipt.objects.filter(channel=channel).values_list("peer").annotate(Max("size")))
    return min((sizes.get(peer, 0) for peer in readers(channel)), default=0)


def received_size(channel: Channel, peer: str) -> int:
    """The size of an own channel that one reader has cosigned."""
    return Receipt.objects.filter(channel=channel, peer=peer).aggregate(size=Max("size"))["size"] or 0


def readers(channel: Channel) -> list[str]:
    """The nodes that may read an own channel: all other parties of its agreement."""
    try:
        standing = agreements.current(WORKER, channel.lineage)
    except NotFound:
        return []
    return [party["node"] for party in standing["parties"] if party["node"] != channel.origin]


def unconfirmed(erasure: Erasure) -> list[str]:
    """The readers of an own channel whose receipts have not listed an erasure."""
    confirmed = set(erasure.confirmations.values_list("peer", flat=True))
    return [peer for peer in readers(erasure.channel) if peer not in confirmed]


def for_reader(name: str, peer: str, now: datetime) -> tuple[Channel, Standing]:
    """An own channel that `peer` may read, with the version in force.

    ExchangeError not-found for anybody else, also where there is none; the codes of section 16 where reading
    is not possible now.
    """
    channel = Channel.objects.filter(pk=name, own=True).first()
    if channel is None or peer not in readers(channel):
        raise ExchangeError("not-found")
    standing = agreements.current(WORKER, channel.lineage)
    if standing["suspended"] or agreements.partner(WORKER, peer).suspended:
        raise ExchangeError("channel-suspended")
    if channel.state in CLOSED_TO_READERS:
        raise ExchangeError(CLOSED_TO_READERS[channel.state])
    return channel, standing


def is_over(standing: Standing, now: datetime) -> bool:
    """True once the agreement has ended: then headers and receipts are served, parts are not."""
    return standing["state"] != "active" or standing["ends"] <= now


def delete_by(standing: Standing) -> datetime:
    """Until when the receivers' copies are to be deleted after the end of an agreement."""
    return standing["ends"] + timedelta(days=standing["document"]["on_end"]["delete_within_days"])


def signed_head(channel: Channel, size: int) -> Checkpoint:
    """The checkpoint of one stored size. Only roots that are committed in Head are ever signed."""
    head = Head.objects.filter(channel=channel, size=size).first()
    if head is None:
        raise ExchangeError("from-beyond-size", f"no checkpoint at {size}")
    return checkpoint.sign(channel.name, size, bytes(head.root), own_signer("log").key)


def silent_since(now: datetime) -> Q:
    """Feeds of open channels whose partner has signed no checkpoint in the last 24 hours."""
    limit = now - DATED_WITHIN
    never = Q(signed_at__isnull=True, channel__opened_at__lt=limit)
    return Q(channel__state="open") & (Q(signed_at__lt=limit) | never)


def dated_head(channel: Channel, size: int, now: datetime) -> Checkpoint:
    """The same with the hour, cosigned by this node itself: it shows that nothing newer was held back.

    To the hour, so that a page read twice is the same bytes.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = own_signer("log").key
    return checkpoint.cosign(signed_head(channel, size), channel.origin, key, int(hour.timestamp()))


def page(
    channel: Channel,
    standing: Standing,
    peer: str,
    *,
    start: int,
    limit: int,
    with_parts: bool,
    now: datetime,
) -> bytes:
    """One page of an own channel as NDJSON; decided again for each living part, so it can only shrink."""
    if start > channel.size:
        # While this node asks its partners, it may itself be the one that lost something.
        code = "origin-recovering" if channel.state == "asking" else "from-beyond-size"
        raise ExchangeError(code, f"the log has {channel.size} entries")
    end = page_end(start, limit, channel.size)
    rows = Entry.objects.filter(channel=channel, index__gte=start, index__lt=end).order_by("index")
    parts = _living_parts(channel, start, end) if with_parts else {}
    lines = []
    for index, data in rows.values_list("index", "header"):
        living = parts.get(index, {})
        if living and not isinstance(decide(orjson.loads(bytes(data)), standing, now, peer), Allow):
            living = {}
        lines.append(pages.build_line(index, bytes(data), living))
    lines.append(pages.build_trailer(end, dated_head(channel, end, now).note))
    return b"".join(lines)


def _living_parts(channel: Channel, start: int, end: int) -> dict[int, dict[str, pages.Part]]:
    found: dict[int, dict[str, pages.Part]] = {}
    rows = Part.objects.filter(channel=channel, index__gte=start, index__lt=end)
    for index, name, salt, data in rows.values_list("index", "name", "salt", "data"):
        found.setdefault(index, {})[name] = pages.Part(bytes(salt), bytes(data))
    return found


def mirror(name: str, origin: str, *, start: int, limit: int, with_parts: bool) -> bytes:
    """A page of what is kept here of a partner's log, for that partner; it ends with its newest note."""
    channel = _mirrored(name, origin)
    if start > channel.size:
        raise ExchangeError("from-beyond-size", f"{channel.size} entries are here")
    end = min(start + limit, channel.size)
    rows = Entry.objects.filter(channel=channel, index__gte=start, index__lt=end).order_by("index")
    parts = _living_parts(channel, start, end) if with_parts else {}
    lines = [
        pages.build_line(index, bytes(data), parts.get(index, {}))
        for index, data in rows.values_list("index", "header")
    ]
    return b"".join([*lines, pages.build_trailer(end, channel.feed.note, channel.size)])


def mirrored_keysets(name: str, origin: str) -> list[bytes]:
    """The key sets of a partner as they are kept here, oldest first, for that partner alone."""
    rows = KeySetVersion.objects.filter(node=_mirrored(name, origin).origin).order_by("version")
    return [bytes(data) for data in rows.values_list("data", flat=True)]


def _mirrored(name: str, origin: str) -> Channel:
    rows = Channel.objects.filter(pk=name, own=False, origin=origin, size__gt=0).select_related("feed")
    channel = rows.first()
    if channel is None:
        raise ExchangeError("not-found")
    return channel


def all_leaves(channel: Channel) -> list[bytes]:
    """The leaf hashes of a whole log, in order."""
    with connection.cursor() as cursor:  # the ORM would make a row object of each of a million
        cursor.execute(
            'SELECT leaf FROM exchange_entry WHERE channel_id = %s ORDER BY channel_id, "index"', [channel.pk]
        )
        return [bytes(leaf) for (leaf,) in cursor.fetchall()]


def kept_root(channel: Channel, size: int) -> bytes:
    """The root that was kept before a size of an own log was signed; LogError if there is none."""
    root = Head.objects.filter(channel=channel, size=size).values_list("root", flat=True).first()
    if root is None:
        raise LogError("root-mismatch", f"no root was kept for size {size}")
    return bytes(root)


def size_of(name: str) -> int:
    """The present size of a channel; cheap, for those who wait."""
    return Channel.objects.filter(pk=name).values_list("size", flat=True).get()


def receipt_between(name: str, peer: str) -> Receipt:
    """The receipt of the largest size that went between this node and `peer` for a channel of either.

    ExchangeError not-found if there is none, or the channel is another's.
    """
    row = Receipt.objects.filter(channel=name, peer=peer).order_by("-size", "-pk").first()
    if row is None:
        raise ExchangeError("not-found")
    return row


def requests_per_minute(peer: str, now: datetime) -> int:
    """What the agreements in force grant a partner; the usual number if there is none."""
    rates = [
        standing["limits"]["requests_per_minute"]
        for standing in agreements.running(WORKER, now)
        if any(party["node"] == peer for party in standing["parties"])
    ]
    return max(rates, default=PER_MINUTE)


def feeds(viewer: Viewer) -> QuerySet[Channel]:
    """Partners' channels with how their reading goes, for the cluster's team."""
    if not viewer.is_staff:
        raise NotAllowed("exchange.feeds")
    return Channel.objects.filter(own=False).select_related("feed").order_by("origin", "name")


def own_channels(viewer: Viewer) -> QuerySet[Channel]:
    """This node's channels, for the cluster's team."""
    if not viewer.is_staff:
        raise NotAllowed("exchange.channels")
    return Channel.objects.filter(own=True).order_by("name")
