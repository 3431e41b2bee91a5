"""How reading a partner's channel went: failures with back-off, evidence, receipts given and taken."""

import logging
import random
from datetime import UTC, datetime, timedelta

import orjson
from django.db import OperationalError, transaction

from kakehashi import this
from kakehashi.audit.actions import note
from kakehashi.errors import ExchangeError
from kakehashi.exchange import checkpoint, outside, receipt
from kakehashi.exchange.models import (
    Channel,
    Confirmation,
    Erasure,
    Evidence,
    Feed,
    Head,
    Quarantine,
    Receipt,
)
from kakehashi.exchange.queries import silent_since, unconfirmed
from kakehashi.exchange.receipt import MAX_REJECTED
from kakehashi.exchange.trusting import latest_keyset, own_log_keys, own_signer

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
ALARM_AFTER = 5  # failures in a row
RECEIPT_EVERY = timedelta(seconds=60)
RECEIPT_ENTRIES = 4096
# The partner contradicts what it signed, or is not the one it was: a person must look before reading goes on.
STOPPING = (
    "fork",
    "from-beyond-size",
    "receipt-rollback",
    "keyset-rollback",
    "epoch-closed",
)


@transaction.atomic
def failed(
    *, name: str, code: str, detail: str, now: datetime, theirs: bytes = b"", after: float = 0
) -> Feed:
    """Note a failure; the next try comes after 1 s to 5 min, with jitter. Contradictions stop the channel.

    `after`: for so many seconds the partner wants to be left alone.
    """
    channel = Channel.objects.select_for_update().get(pk=name)
    feed = Feed.objects.get(pk=name)
    feed.failures += 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(feed.failures - 1, 20))
    drawn = random.uniform(pause / 2, pause)  # noqa: S311  # no secret
    feed.next_try = now + timedelta(seconds=max(after, drawn))
    feed.code, feed.detail = code[:40], detail[:300]
    feed.save()
    stops = code in STOPPING or (code == "root-mismatch" and feed.failures >= ALARM_AFTER)
    if stops and channel.state == "open":
        channel.state = "stopped"
        channel.save(update_fields=["state"])
    if stops or (code == "root-mismatch" and feed.failures == 1):
        Evidence.objects.create(channel=channel, at=now, code=code, ours=feed.note.encode(), theirs=theirs)
    if feed.failures == ALARM_AFTER or stops:
        note(
            at=now, actor=channel.origin, action="exchange.alarm", object=name, code=code, detail=detail[:300]
        )
    return feed


def tell_silent(*, now: datetime) -> int:
    """Say once that a partner's newest dated checkpoint is a day old: something may be held back."""
    silent = Feed.objects.filter(silent_since(now), alarmed_at__isnull=True).select_related("channel")
    rows = list(silent.order_by("pk"))
    for feed in rows:
        with transaction.atomic():
            Feed.objects.filter(pk=feed.pk).update(alarmed_at=now)
            facts = {"actor": feed.channel.origin, "object": feed.channel_id, "code": "checkpoint-old"}
            note(at=now, action="exchange.alarm", **facts)
    return len(rows)


def receipt_due(feed: Feed, size: int, now: datetime, *, every: timedelta = RECEIPT_EVERY) -> bool:
    """At most once a minute, or per 4,096 entries, the checkpoint that was applied is cosigned."""
    untold = Erasure.objects.filter(channel=feed.pk, scrubbed_at__isnull=False, done_at__isnull=True)
    if not feed.note or (size <= feed.receipt_size and not untold.exists()):
        return False
    return (
        feed.receipt_at is None
        or now - feed.receipt_at >= every
        or size - feed.receipt_size >= RECEIPT_ENTRIES
    )


def make_receipt(channel: Channel, now: datetime) -> bytes:
    """The receipt for what is durably applied of a partner's channel."""
    node = this.node()
    applied = checkpoint.parse(channel.feed.note)
    cosigned = checkpoint.cosign(applied, node.name, own_signer("log").key, int(now.timestamp()))
    refused = Quarantine.objects.filter(channel=channel).order_by("-index")[:MAX_REJECTED]
    scrubbed = Erasure.objects.filter(channel=channel, scrubbed_at__isnull=False)
    erased = scrubbed.filter(index__lt=channel.size).order_by("-index")[:MAX_REJECTED]
    return receipt.build(
        cosigned,
        erased=list(erased.values_list("index", flat=True)),
        rejected=list(refused.values_list("index", "code")),
    )


@transaction.atomic
def receipt_sent(*, name: str, data: bytes, size: int, now: datetime) -> None:
    """The partner has taken our receipt."""
    channel = Channel.objects.get(pk=name)
    Receipt.objects.create(channel=channel, peer=channel.origin, size=size, at=now, data=data)
    Feed.objects.filter(pk=name).update(receipt_size=size, receipt_at=now)
    told = orjson.loads(data)["erased"]
    Erasure.objects.filter(channel=channel, index__in=told, done_at__isnull=True).update(done_at=now)


@transaction.atomic
def cosign_now(*, name: str, origin: str, now: datetime) -> None:
    """The origin asks how far its log was read, and will go by the answer: cosign all that is applied."""
    channel = Channel.objects.select_for_update().filter(pk=name, own=False, origin=origin).first()
    if channel is not None and channel.feed.note and channel.size > channel.feed.receipt_size:
        receipt_sent(name=name, data=make_receipt(channel, now), size=channel.size, now=now)


def take_receipt(*, channel: Channel, peer: str, data: bytes, now: datetime) -> receipt.Receipt:
    """Keep a partner's receipt for an own channel; ExchangeError if it is not one, or goes back."""
    keys = latest_keyset(peer)
    if keys is None:
        raise ExchangeError("key-unknown")
    found = receipt.parse(
        data, channel=channel.name, peer=peer, peer_keys=keys[0], own_log_keys=own_log_keys()
    )
    head = Head.objects.filter(channel=channel, size=found.size).first()
    if head is None or bytes(head.root) != found.root:
        _contradicted(channel, peer, head, data, now)
        raise ExchangeError("receipt-rollback", "the receipt names a root that this log does not have")
    before = Receipt.objects.filter(channel=channel, peer=peer).order_by("-size", "-pk").first()
    if before and found.size < before.size:
        raise ExchangeError("receipt-rollback", f"size {before.size} was acknowledged before")
    if before is None or bytes(before.data) != data:
        _keep_receipt(channel, peer, found, now)
    return found


def note_read(*, name: str, peer: str, key: str, start: int, page: bytes, now: datetime) -> None:
    """Note which entries were given out, and to which key: what a thief of it has read (threat 5).

    A page without entries is not noted. Where nothing can be written, partners are served all the same.
    """
    entries = page.count(b"\n") - 1
    if not entries:
        return
    facts = {"key": key.rpartition("#")[2], "start": start, "entries": entries}
    try:
        note(at=now, actor=peer, action="exchange.read", object=name, **facts)
    except OperationalError as e:
        log.warning("%s was read by %s, which could not be noted: %s", name, peer, e)


@transaction.atomic
def _keep_receipt(channel: Channel, peer: str, found: receipt.Receipt, now: datetime) -> None:
    at = datetime.fromtimestamp(found.at, tz=UTC)
    Receipt.objects.create(channel=channel, peer=peer, size=found.size, at=at, data=found.data)
    _confirm(channel, peer, found, at)
    note(at=now, actor=peer, action="exchange.receipt", object=channel.name, size=found.size)
    folder = this.node().folder
    transaction.on_commit(lambda: outside.copy_receipt(folder, channel.name, peer, found.data))


def _confirm(channel: Channel, peer: str, found: receipt.Receipt, at: datetime) -> None:
    """A reader says which parts it has destroyed; an erasure is done when all readers have said so."""
    for row in Erasure.objects.filter(channel=channel, index__in=found.erased, done_at__isnull=True):
        Confirmation.objects.get_or_create(erasure=row, peer=peer, defaults={"at": at})
        if not unconfirmed(row):
            row.done_at = at
            row.save(update_fields=["done_at"])


@transaction.atomic
def _contradicted(channel: Channel, peer: str, head: Head | None, data: bytes, now: datetime) -> None:
    """Our own log key signed what our table does not have: this node was restored, or its key is stolen."""
    ours = bytes(head.root) if head else b""
    if not Evidence.objects.filter(channel=channel, theirs=data).exists():
        Evidence.objects.create(channel=channel, at=now, code="fork", ours=ours, theirs=data)
        note(at=now, actor=peer, action="exchange.alarm", object=channel.name, code="fork")
