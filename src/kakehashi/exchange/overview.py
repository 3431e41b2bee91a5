"""How the exchange with each partner stands, for people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from django.db.models import Count, Q
from django.utils.functional import Promise

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.models import Partner
from kakehashi.exchange import words
from kakehashi.exchange.header import KINDS
from kakehashi.exchange.models import Chain, Channel, Entry, Feed, Quarantine, Receipt
from kakehashi.exchange.queries import is_over

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
    """The way from a partner to here. `records` live here now; `late`: nothing right came for 15 minutes."""

    records: int
    applied: int
    offered: int
    checked_at: datetime | None
    applied_at: datetime | None
    state: str
    trouble: str | Promise
    next_try: datetime | None
    late: bool
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
class Exchange:
    """Both ways with one partner under one agreement; a way is None until its channel is open."""

    partner: Partner
    hash: str
    suspended: bool
    over: bool
    giving: Giving | None
    reading: Reading | None


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
            found.append(
                Exchange(
                    partner=partner,
                    hash=standing["hash"],
                    suspended=standing["suspended"] or partner.suspended,
                    over=is_over(standing, now),
                    giving=next((_giving(c, partner.node) for c in channels if c.own), None),
                    reading=next(
                        (_reading(viewer, c, now) for c in channels if c.origin == partner.node), None
                    ),
                )
            )
    return found


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
        records=counts["all"] - refused_count,
        applied=channel.size,
        offered=max(feed.offered, channel.size),
        checked_at=feed.checked_at,
        applied_at=feed.applied_at,
        state=channel.state,
        trouble=words.trouble(feed.code) if viewer.is_staff else "",
        next_try=feed.next_try if viewer.is_staff else None,
        late=late,
        refused_count=refused_count,
        refused=list(_described(channel, refused.order_by("-index")[:SHOWN])) if viewer.is_staff else [],
    )


def _described(channel: Channel, rows: Iterable[Quarantine]) -> Iterable[Refusal]:
    by_index = {row.index: row for row in rows}
    for entry in Entry.objects.filter(channel=channel, index__in=by_index).order_by("-index"):
        row = by_index[entry.index]
        kind = orjson.loads(bytes(entry.header)).get("kind")
        yield Refusal(entry.index, kind if kind in KINDS else "", words.refused(row.code), row.first_seen)
