"""The end of an agreement and of a term: copies deleted, the partner told so, and its own word kept."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.terms import Standing
from kakehashi.audit.actions import note
from kakehashi.errors import ExchangeError
from kakehashi.exchange import checkpoint, purge
from kakehashi.exchange.actions.showing import hide
from kakehashi.exchange.header import Header
from kakehashi.exchange.models import Chain, Channel, Entry, Head, Part, Purge, Quarantine
from kakehashi.exchange.queries import delete_by, is_over
from kakehashi.exchange.trusting import latest_keyset, own_log_keys, own_signer

AT_ONCE = 200
BEFORE_THE_LAST_DAY = timedelta(days=1)  # without the partner's last entry one waits for it until then


def expire_parts(*, now: datetime) -> int:
    """Delete the parts of what has expired, own and received: both sides do so by their own clocks."""
    return Part.objects.filter(expires__lte=now).delete()[0]


def purge_due(*, now: datetime) -> int:
    """Delete this node's copies under agreements that are over; gives the number of channels."""
    done = 0
    for channel in Channel.objects.filter(own=False, size__gt=0, purges__isnull=True).order_by("name"):
        standing = agreements.current(WORKER, channel.lineage)
        heard = channel.state == "ended" or now >= delete_by(standing) - BEFORE_THE_LAST_DAY
        if is_over(standing, now) and heard:
            _purge(channel, standing, now)
            done += 1
    return done


@transaction.atomic
def _purge(channel: Channel, standing: Standing, now: datetime) -> None:
    keep = set(standing["document"]["on_end"]["keep_tlp"])
    for record, header in living(channel):
        if header["tlp"] not in keep:
            Part.objects.filter(channel=channel, record=record).delete()
            hide(channel, record, now)
    alive = Chain.objects.filter(channel=channel, live__isnull=False).values("record")
    Part.objects.filter(channel=channel).exclude(record__in=alive).delete()
    Purge.objects.create(channel=channel, peer=this.node().name, at=now, data=b"")
    note(at=now, actor="worker", action="exchange.purge", object=channel.name, agreement=standing["hash"])


def living(channel: Channel) -> list[tuple[UUID, Header]]:
    """(record, header) of each living put."""
    rows = Chain.objects.filter(channel=channel, live__isnull=False).order_by("live")
    chains = {live or 0: record for live, record in rows.values_list("live", "record")}
    places, found = list(chains), list[tuple[UUID, Header]]()
    for start in range(0, len(places), AT_ONCE):
        entries = Entry.objects.filter(channel=channel, index__in=places[start : start + AT_ONCE])
        found += [(chains[e.index], orjson.loads(bytes(e.header))) for e in entries.order_by("index")]
    return found


def unstated() -> list[Purge]:
    """Purges of this node that are not yet put into a statement: its files are to be written anew before."""
    return list(Purge.objects.filter(peer=this.node().name, data=b"").select_related("channel__feed"))


def state(*, row: Purge, now: datetime) -> None:
    """Put into a signed statement what was deleted and what is kept."""
    channel, node = row.channel, this.node()
    kept_records = set(Part.objects.filter(channel=channel).values_list("record", flat=True))
    deleted, kept = Counter[str](), Counter[str]()
    refused = Quarantine.objects.filter(channel=channel).values("index")
    had = Chain.objects.filter(channel=channel, live__isnull=False).exclude(live__in=refused)
    for record, kind in had.values_list("record", "kind"):
        (kept if record in kept_records else deleted)[kind] += 1
    applied = checkpoint.parse(channel.feed.note)
    row.data = purge.build(
        checkpoint.cosign(applied, node.name, own_signer("log").key, int(now.timestamp())),
        agreement=channel.agreement,
        by=node.name,
        deleted=deleted,
        kept=kept,
        signer=own_signer("record"),
        now=now,
    )
    row.at = now
    row.save(update_fields=["data", "at"])


def unsent() -> list[Purge]:
    """Statements that their partners have not taken yet."""
    rows = Purge.objects.filter(peer=this.node().name, sent_at__isnull=True).exclude(data=b"")
    return list(rows.select_related("channel").order_by("pk"))


def sent(*, row: Purge, now: datetime) -> None:
    """The partner has taken a statement of ours."""
    Purge.objects.filter(pk=row.pk).update(sent_at=now)
    note(at=now, actor="worker", action="exchange.purge-told", object=row.channel_id)


@transaction.atomic
def take_purge(*, channel: Channel, peer: str, data: bytes, now: datetime) -> None:
    """Keep a reader's statement about an own channel; the first one counts. ExchangeError if it is none."""
    keys = latest_keyset(peer)
    if keys is None:
        raise ExchangeError("key-unknown")
    if channel.state != "ended":
        raise ExchangeError("bad-request", "the agreement is in force")
    found = purge.parse(data, channel=channel.name, peer=peer, peer_keys=keys[0], own_log_keys=own_log_keys())
    head = Head.objects.filter(channel=channel, size=found.size).first()
    if head is None or bytes(head.root) != found.root:
        raise ExchangeError("bad-request", "the statement names a root that this log does not have")
    facts = {"at": found.at, "data": data}
    if Purge.objects.get_or_create(channel=channel, peer=peer, defaults=facts)[1]:
        note(at=now, actor=peer, action="exchange.purge", object=channel.name, deleted=found.deleted)
