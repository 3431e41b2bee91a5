"""How the exchange with each partner stands, for people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from django.db.models import Count, Q
from django.utils.functional import Promise

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.models import Partner
from kakehashi.agreements.terms import Standing
from kakehashi.exchange import words
from kakehashi.exchange.header import KINDS
from kakehashi.exchange.models import Chain, Channel, Entry, Feed, Purge, Quarantine, Receipt
from kakehashi.exchange.queries import delete_by, is_over, silent_since

LATE = timedelta(minutes=15)
SHOWN = 20


@dataclass(frozen=True)
class Refusal:
    """One record that is not shown here: its place in the log, kind, why, and since when."""

    index: int
    kind: str
    why: str | Promise
    since: datetime


@dataclass(frozen=True)
class Reading:
    """The way from a partner to here. `records` live here now; `late`: nothing right came for 15 minutes.

    `silent`: answers come, but no checkpoint that the partner signed within a day. `closed`: the partner has
    begun another log, and a person must accept that.
    """

    channel: str
    records: int
    applied: int
    offered: int
    checked_at: datetime | None
    applied_at: datetime | None
    state: str
    trouble: str | Promise
    next_try: datetime | None
    late: bool
    silent: bool
    closed: bool
    refused_count: int
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Giving:
    """The way from here to a partner: entries written, and how many of them it has acknowledged, when."""

    records: int
    written: int
    acknowledged: int
    acknowledged_at: datetime | None
    state: str
    refused_there: int

    @property
    def all_acknowledged(self) -> bool:
        return self.acknowledged >= self.written


@dataclass(frozen=True)
class Copies:
    """What became of the reader's copies after the end. `at`: when it stated so, None while that is awaited.

    `told`: the origin has the statement. `late`: `due`, the day agreed, has passed without one.
    """

    due: datetime
    late: bool
    at: datetime | None = None
    told: bool = False
    deleted: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Exchange:
    """Both ways with one partner under one agreement; a way is None until its channel is open."""

    partner: Partner
    hash: str
    suspended: bool
    over: bool
    giving: Giving | None
    reading: Reading | None
    copies_there: Copies | None = None
    copies_here: Copies | None = None


def exchanges(viewer: Viewer, now: datetime, *, lineage: str = "") -> list[Exchange]:
    """All exchanges, or those of one agreement; what was refused and trouble are for the cluster's team."""
    rows = Channel.objects.exclude(state="closed")
    rows = rows.filter(lineage=lineage) if lineage else rows
    lineages: dict[str, list[Channel]] = {}
    for channel in rows.select_related("feed").order_by("opened_at", "name"):
        lineages.setdefault(channel.lineage, []).append(channel)
    partners = {partner.node: partner for partner in agreements.partners(WORKER)}
    found = []
    for name, channels in lineages.items():
        standing = agreements.current(WORKER, name)
        for party in standing["parties"]:
            partner = partners.get(party["node"])
            if partner is None:
                continue
            giving = next((channel for channel in channels if channel.own), None)
            reading = next((channel for channel in channels if channel.origin == partner.node), None)
            over = is_over(standing, now)
            found.append(
                Exchange(
                    partner=partner,
                    hash=standing["hash"],
                    suspended=standing["suspended"] or partner.suspended,
                    over=over,
                    giving=_giving(giving, partner.node) if giving else None,
                    reading=_reading(viewer, reading, now) if reading else None,
                    copies_there=_copies(giving, partner.node, standing, now) if over else None,
                    copies_here=_copies(reading, this.node().name, standing, now) if over else None,
                )
            )
    return found


def _copies(channel: Channel | None, reader: str, standing: Standing, now: datetime) -> Copies | None:
    if channel is None:
        return None
    due = delete_by(standing)
    row = Purge.objects.filter(channel=channel, peer=reader).exclude(data=b"").first()
    if row is None:
        return Copies(due, late=due <= now)
    said = orjson.loads(bytes(row.data))
    deleted, kept = sum(said["deleted"].values()), sum(said["kept"].values())
    return Copies(due, False, row.at, channel.own or row.sent_at is not None, deleted, kept)


def _giving(channel: Channel, peer: str) -> Giving:
    receipt = Receipt.objects.filter(channel=channel, peer=peer).order_by("-size", "-pk").first()
    rejected = orjson.loads(bytes(receipt.data))["rejected"] if receipt else []
    return Giving(
        records=Chain.objects.filter(channel=channel, live__isnull=False).count(),
        written=channel.size,
        acknowledged=min(receipt.size, channel.size) if receipt else 0,
        acknowledged_at=receipt.at if receipt else None,
        state=channel.state,
        refused_there=len(rejected),
    )


def _reading(viewer: Viewer, channel: Channel, now: datetime) -> Reading:
    feed: Feed = channel.feed
    living = Chain.objects.filter(channel=channel, live__isnull=False)
    counts = living.aggregate(all=Count("pk"), missing=Count("pk", filter=Q(missing=True)))
    refused = Quarantine.objects.filter(channel=channel, index__in=living.values("live"))
    refused_count = refused.count()
    late = channel.state == "open" and (feed.checked_at is None or now - feed.checked_at > LATE)
    return Reading(
        channel=channel.name,
        records=counts["all"] - refused_count,
        applied=channel.size,
        offered=max(feed.offered, channel.size),
        checked_at=feed.checked_at,
        applied_at=feed.applied_at,
        state=channel.state,
        trouble=words.trouble(feed.code) if viewer.is_staff else "",
        next_try=feed.next_try if viewer.is_staff else None,
        late=late,
        silent=Feed.objects.filter(silent_since(now), pk=channel.pk).exists(),
        closed=channel.state == "stopped" and feed.code == "epoch-closed",
        refused_count=refused_count,
        refused=list(_described(channel, refused.order_by("-index")[:SHOWN])) if viewer.is_staff else [],
    )


def _described(channel: Channel, rows: Iterable[Quarantine]) -> Iterable[Refusal]:
    by_index = {row.index: row for row in rows}
    for entry in Entry.objects.filter(channel=channel, index__in=by_index).order_by("-index"):
        row = by_index[entry.index]
        kind = orjson.loads(bytes(entry.header)).get("kind")
        yield Refusal(entry.index, kind if kind in KINDS else "", words.refused(row.code), row.first_seen)
