"""Read one partner's channel: fetch a page, apply it, acknowledge it; deliver what partners are to get."""

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import OperationalError

from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements_actions
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.models import Delivery
from kakehashi.errors import ExchangeError, LogError, PeerError
from kakehashi.exchange import keyset, outside, receipt, space, verify
from kakehashi.exchange import page as pages
from kakehashi.exchange.actions import applying, ending, feeding, keysets
from kakehashi.exchange.ahead import Ahead
from kakehashi.exchange.client import MAX_SMALL, Client
from kakehashi.exchange.keyset import REFETCH_AFTER, KeySet, key_id
from kakehashi.exchange.log import CHECKPOINT_EVERY
from kakehashi.exchange.models import Channel, KeySetVersion, Purge
from kakehashi.exchange.page import Limits, Page
from kakehashi.exchange.queries import is_over
from kakehashi.exchange.trusting import latest_keyset, own_log_keys, position_of
from kakehashi.node import Node
from kakehashi.ui.middleware import disk_is_full
from kakehashi.work.memory import trim

log = logging.getLogger(__name__)
WAIT = 25
Clock = Callable[[], datetime]
KEYS_MAY_BE_OLD = ("checkpoint-sig", "keyset-stale", "key-unknown", "key-revoked", "sig-invalid")
TRIES_BEFORE_TOLERANCE = 5
MAX_VERSIONS = 1000


@dataclass(frozen=True)
class _Try:
    """What one attempt gave: entries applied, or the error, and the signed note that came with the page."""

    entries: int = 0
    error: ExchangeError | None = None
    note: str = ""


def pull(client: Client, name: str, clock: Clock, *, wait: int = WAIT, ahead: Ahead | None = None) -> int:
    """One page of a partner's channel, applied and acknowledged; gives the number of entries.

    Failures are noted with their code and the time of the next try; they never raise. Who reads page after
    page gives the same `ahead` each time.
    """
    done = _try(client, name, clock, ahead, wait=wait)
    if done.error and done.error.code in KEYS_MAY_BE_OLD:
        origin = _channel(name).origin
        if refresh(client, origin, clock(), force=True):
            done = _try(client, name, clock, None, wait=0)
        elif agreements.partner(WORKER, origin).proposed_roots:
            done = _Try(error=LogError("root-changed", "its fingerprint is not confirmed"), note=done.note)
    if done.error and _channel(name).state == "open":
        log.warning("%s: %s", name, done.error)
        with suppress(OperationalError):  # where the disk is full, this may not fit either
            feeding.failed(
                name=name,
                code=done.error.code,
                detail=done.error.detail,
                after=done.error.after if isinstance(done.error, PeerError) else 0,
                now=clock(),
                theirs=done.note.encode(),
            )
    return done.entries


def _check_node(node: Node) -> None:
    """LogError if this node should take in nothing: its disk is nearly full, or its data are damaged."""
    if outside.damage(node.folder):
        raise LogError("damaged", "see «kakehashi doctor»")
    usage = shutil.disk_usage(node.folder)
    if space.is_low(usage.free, usage.total, demo=node.demo):
        raise LogError("space-low", f"{usage.free // space.MIB} MiB free")


def _try(client: Client, name: str, clock: Clock, ahead: Ahead | None, *, wait: int) -> _Try:
    note = ""
    try:
        _check_node(client.node)
        channel = _channel(name)
        keys = refresh(client, channel.origin, clock()) or known_keys(channel.origin)
        page = (ahead and ahead.take(channel.size)) or fetch(client, channel, keys, clock(), wait=wait)
        note = page.note
        more = len(page.lines) >= CHECKPOINT_EVERY  # there may be
        if ahead is not None and more:
            ahead.ask(page.next, _fetching(client, channel, keys, page.next, clock(), wait=0))
        tolerant = channel.feed.code == "part-mismatch" and channel.feed.failures >= TRIES_BEFORE_TOLERANCE
        over = is_over(agreements.current(WORKER, channel.lineage), clock())
        judged = applying.apply_page(name=name, page=page, now=clock(), tolerant=tolerant, only_headers=over)
        acknowledge(client, _channel(name), keys, clock(), more=more)
        if more:
            trim()
    except (LogError, PeerError) as e:
        return _Try(error=e, note=note)
    except Exception as e:  # whatever a page does here must not become a loop of restarts
        if disk_is_full(e):
            return _Try(error=LogError("disk-full", "nothing of the page was kept"), note=note)
        log.exception("reading %s", name)
        return _Try(error=LogError("internal-error", type(e).__name__), note=note)
    return _Try(entries=len(judged.verdicts))


def fetch(client: Client, channel: Channel, keys: KeySet, now: datetime, *, wait: int) -> Page:
    """The page at the cursor, shaped but not judged."""
    return _fetching(client, channel, keys, position_of(channel).frontier.size, now, wait=wait)()


def _fetching(
    client: Client, channel: Channel, keys: KeySet, start: int, now: datetime, *, wait: int
) -> Callable[[], Page]:
    """Sends the signed request for a page, shapes it and verifies its signatures, in any thread.

    A partner that failed is asked for little at a time.
    """
    limit = CHECKPOINT_EVERY if channel.feed.failures else pages.READ_LIMIT
    standing = agreements.current(WORKER, channel.lineage)
    over = is_over(standing, now)
    query = urlencode({"from": start, "limit": limit, "wait": wait, **({"parts": 0} if over else {})})
    caps = standing["limits"]
    limits = Limits(
        entry=caps["max_entry_bytes"], part=caps["max_part_bytes"], page=pages.HARD_PAGE_BYTES, lines=limit
    )
    url = f"{keys.base}/channels/{channel.name}/entries?{query}"
    call = client.prepare(
        "GET", url, now=now, accept=pages.MEDIA_TYPE, wait=wait, limit=pages.HARD_PAGE_BYTES
    )

    def get() -> Page:
        with client.send(call) as answer:
            if answer.status != 200:
                raise PeerError(answer.code, status=answer.status, after=answer.after)
            page = pages.parse(pages.split_lines(answer.body, limits), start, limits)
        verify.ahead(page, keys)
        return page

    return get


def acknowledge(client: Client, channel: Channel, keys: KeySet, now: datetime, *, more: bool = False) -> bool:
    """Send the receipt, if one is due. A demonstration shows at once what arrived, unless there is `more`."""
    every = timedelta(seconds=1) if client.demo and not more else feeding.RECEIPT_EVERY
    if not feeding.receipt_due(channel.feed, channel.size, now, every=every):
        return False
    data = feeding.make_receipt(channel, now)
    url = f"{keys.base}/channels/{channel.name}/receipts"
    with client.request("POST", url, now=now, body=data) as answer:
        code = "" if answer.status == 200 else answer.code
        status, after = answer.status, answer.after
    if code == "receipt-rollback" and _once_read_more(client, channel, keys, now):
        return False
    if code:
        raise PeerError(code, "receipt", status=status, after=after)
    feeding.receipt_sent(name=channel.name, data=data, size=channel.size, now=now)
    return True


def _once_read_more(client: Client, channel: Channel, keys: KeySet, now: datetime) -> bool:
    """True if the partner shows a receipt of ours for more than we have: our database was put back.

    Then reading goes on, and the next receipt is due when that size is reached again.
    """
    url = f"{keys.base}/channels/{channel.name}/receipts/latest"
    with client.request("GET", url, now=now, limit=receipt.MAX_BYTES) as answer:
        data = answer.read() if answer.status == 200 else b""
    size = receipt.own_size(data, channel=channel.name, node=client.node.name, keys=own_log_keys())
    if size <= channel.size:
        return False
    feeding.receipt_sent(name=channel.name, data=data, size=size, now=now)
    return True


def send_purge(client: Client, row: Purge, now: datetime) -> bool:
    """Send the statement about deleted copies; False if the partner does not take it now."""
    origin = row.channel.origin
    keys = refresh(client, origin, now)
    if keys is None:
        return False
    url = f"{keys.base}/channels/{row.channel_id}/purge"
    try:
        with client.request("POST", url, now=now, body=bytes(row.data)) as answer:
            if answer.status != 200:
                raise PeerError(answer.code, "purge", status=answer.status)
            answer.read()
    except (LogError, PeerError) as e:
        log.warning("statement for %s: %s", origin, e)
        return False
    ending.sent(row=row, now=now)
    return True


def known_keys(node: str) -> KeySet:
    """The stored key set of a partner; LogError keyset-stale if there is none."""
    found = latest_keyset(node)
    if found is None:
        raise LogError("keyset-stale", "the partner's key set was never fetched")
    return found[0]


def keys_due(node: str, now: datetime) -> bool:
    """True if the key set of a partner is unknown, or was last fetched a day ago."""
    found = latest_keyset(node)
    return found is None or now - found[1] >= REFETCH_AFTER


def refresh(client: Client, node: str, now: datetime, *, force: bool = False) -> KeySet | None:
    """Fetch a confirmed partner's key set if it is a day old, unknown, or `force`; None if that failed."""
    found = latest_keyset(node)
    if found and not force and now - found[1] < REFETCH_AFTER:
        return found[0]
    roots = agreements.trusted_roots(node)
    if not roots:
        return None
    try:
        return _fetch_keys(client, node, roots, now)
    except (PeerError, ExchangeError) as e:
        log.warning("key set of %s: %s", node, e)
        return None


def _fetch_keys(client: Client, node: str, roots: list[str], now: datetime) -> KeySet:
    """The newest key set, those missed since the last, and those before it: all are needed to judge.

    Each version is trusted by the one before it, so they are taken in one after the other.
    """
    known = latest_keyset(node)
    data = _well_known(client, node, now)
    _, newest = keyset.read(data, node=node)
    first = known[0].version + 1 if known else newest.version
    if newest.version - first > MAX_VERSIONS:
        raise LogError("keyset-invalid", f"{newest.version - first} versions at once")
    for version in range(first, newest.version):
        _remember(node, _well_known(client, node, now, version), roots, now)
    found = _remember(node, data, roots, now)
    _fetch_former(client, found, now)
    return found


def _remember(node: str, data: bytes, roots: list[str], now: datetime) -> KeySet:
    """Take a version in. Other root keys are put before a person, a contradiction stops the channels."""
    try:
        return keysets.remember(node=node, data=data, roots=roots, now=now)
    except LogError as e:
        if e.code == "root-changed":
            keysets.offer_roots(node=node, data=data, now=now)
        elif e.code == "keyset-rollback":
            for channel in Channel.objects.filter(own=False, origin=node, state="open"):
                feeding.failed(name=channel.name, code=e.code, detail=e.detail, now=now, theirs=data)
        raise


def _fetch_former(client: Client, newest: KeySet, now: datetime) -> None:
    follows = newest
    while follows.version > 1:
        row = KeySetVersion.objects.filter(node=newest.node, version=follows.version - 1).first()
        data = bytes(row.data) if row else _well_known(client, newest.node, now, follows.version - 1)
        follows = keysets.remember_former(data=data, follows=follows, now=now)


def _well_known(client: Client, node: str, now: datetime, version: int = 0) -> bytes:
    url = key_id(node, "").partition("#")[0] + (f"?version={version}" if version else "")
    with client.request("GET", url, now=now, limit=MAX_SMALL, signed=False) as answer:
        if answer.status != 200:
            raise PeerError(answer.code, "key set", status=answer.status)
        return answer.read()


def deliver(client: Client, delivery: Delivery, now: datetime) -> bool:
    """Send one draft, proof or termination; the outcome is noted with the delivery."""
    node = delivery.partner_id
    keys = refresh(client, node, now)
    try:
        if keys is None:
            raise PeerError("unreachable", "no key set")
        url = keys.base + delivery.path
        with client.request(delivery.verb, url, now=now, body=bytes(delivery.body)) as answer:
            if answer.status not in (200, 201):
                raise PeerError(answer.code, status=answer.status)
            answer.read()
    except (LogError, PeerError) as e:
        final = (
            isinstance(e, PeerError) and 400 <= e.status < 500 and e.status not in (401, 404, 408, 425, 429)
        )
        agreements_actions.delivery_failed(delivery_id=delivery.pk, failure=str(e), now=now, final=final)
        return False
    agreements_actions.delivered(delivery_id=delivery.pk, now=now)
    return True


def _channel(name: str) -> Channel:
    return Channel.objects.select_related("feed").get(pk=name)
