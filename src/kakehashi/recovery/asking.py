"""Asks the readers of an own log how far they have it, and fetches back what is missing here."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements_actions
from kakehashi.agreements import document as documents
from kakehashi.agreements import own as agreements_own
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.cards import party_of
from kakehashi.errors import ExchangeError, LogError, NotFound, PeerError, SigningError
from kakehashi.exchange import checkpoint, history, keyset, outside, pulling, queries, receipt
from kakehashi.exchange import header as headers
from kakehashi.exchange import page as pages
from kakehashi.exchange.actions import epochs, keysets, restoring
from kakehashi.exchange.client import MAX_SMALL, Client
from kakehashi.exchange.header import Header
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import frontier
from kakehashi.exchange.models import Channel
from kakehashi.exchange.page import Limits, Page
from kakehashi.exchange.trusting import own_log_keys
from kakehashi.exchange.verify import verify_header
from kakehashi.recovery.mirror import Following, check_again
from kakehashi.signing import canonical

Clock = Callable[[], datetime]
AT_ONCE = 2048


class Heard(NamedTuple):
    """What one reader says: how far it has the log, and the receipt that shows it (none: it has nothing)."""

    peer: str
    size: int
    root: bytes
    receipt: bytes


def hear(client: Client, channel: Channel, peer: str, now: datetime) -> Heard:
    """Ask one reader. PeerError or LogError if there is no answer that can be relied on."""
    keys = _keys(client, peer, now)
    url = f"{keys.base}/channels/{channel.name}/receipts/latest"
    with client.request("GET", url, now=now, limit=receipt.MAX_BYTES) as answer:
        if answer.status != 200:
            code = answer.code
            if code == "not-found":
                return Heard(peer, 0, b"", b"")
            raise PeerError(code, "receipt", status=answer.status)
        data = answer.read()
    try:
        found = _receipt(data, channel, peer, keys)
    except ExchangeError:  # signed, perhaps, with a log key that is younger than the backup
        if not _learn_keysets(client, channel, peer, now):
            raise
        found = _receipt(data, channel, peer, keys)
    return Heard(peer, found.size, found.root, data)


def _receipt(data: bytes, channel: Channel, peer: str, keys: KeySet) -> receipt.Receipt:
    return receipt.parse(data, channel=channel.name, peer=peer, peer_keys=keys, own_log_keys=own_log_keys())


def fetch_back(client: Client, channel: Channel, peer: str, clock: Clock) -> int:
    """Put back what a reader has of an own log beyond its end here; gives the number of entries.

    First all headers are checked up to the root that this node once signed, then the same entries are fetched
    with their parts. LogError if the mirror is not what this node wrote: then a new epoch is needed.
    """
    _learn_keysets(client, channel, peer, clock())
    known = frontier(channel.size, bytes(channel.frontier))
    sets = {found.hash: found for found in map(keyset.stored, history.key_sets([channel.origin]))}
    following = Following(channel.name, known, channel.keyset, sets, own_log_keys(), channel.agreement)
    for page in _pages(client, channel, peer, clock, parts=False):
        following.follow(page)
        if following.complete:
            break
    if not following.complete:
        raise LogError("index-gap", "the mirror ends before the size that it claims")
    _learn_agreement(client, channel, peer, following.agreement, clock())
    done = 0
    for page in _pages(client, channel, peer, clock, parts=True):
        check_again(page, channel.size, following.leaves)
        start = page.next - len(page.lines)
        done += restoring.replay(name=channel.name, start=start, lines=page.lines, actor=peer, now=clock())
        if page.next >= following.size:
            return done
    return done


def _pages(client: Client, channel: Channel, peer: str, clock: Clock, *, parts: bool) -> Iterator[Page]:
    """The mirror from the end of the own log on, as far as it goes."""
    start = channel.size
    caps = agreements.current(WORKER, channel.lineage)["limits"]
    limits = Limits(entry=caps["max_entry_bytes"], part=caps["max_part_bytes"], lines=AT_ONCE)
    while True:
        query = urlencode(
            {"from": start, "limit": AT_ONCE if not parts else AT_ONCE // 4, "parts": int(parts)}
        )
        url = f"{_keys(client, peer, clock()).base}/mirror/{channel.name}/entries?{query}"
        with client.request(
            "GET", url, now=clock(), accept=pages.MEDIA_TYPE, limit=pages.HARD_PAGE_BYTES
        ) as answer:
            if answer.status != 200:
                raise PeerError(answer.code, "mirror", status=answer.status)
            page = pages.parse(pages.split_lines(answer.body, limits), start, limits, mirror=True)
        if not page.lines:
            return
        yield page
        start = page.next


def _learn_keysets(client: Client, channel: Channel, peer: str, now: datetime) -> int:
    """Own key sets that were published after the backup was made; the root key signed each. How many."""
    data = _get(client, f"{_keys(client, peer, now).base}/mirror/{channel.name}/keysets", now)
    known, learnt = keysets.latest(channel.origin), 0
    for line in data.splitlines():
        if known is None or keyset.stored(line).version > known.version:
            known, learnt = keysets.publish_own(data=line, now=now), learnt + 1
    return learnt


def _learn_agreement(client: Client, channel: Channel, peer: str, hash: str, now: datetime) -> None:
    """A version that was signed after the backup was made: the document shows all signatures, ours too."""
    versions = agreements.of_lineage(WORKER, channel.lineage)
    if not hash or hash in {
        standing["hash"] for standing in versions if standing["state"] in ("active", "ended")
    }:
        return
    data = _get(client, f"{_keys(client, peer, now).base}/agreements/{hash}", now)
    document = documents.parse(data)
    if document["prev"] is not None:
        _learn_agreement(client, channel, peer, document["prev"], now)
    own = party_of(agreements_own.card(this.node()))
    agreements_actions.receive_draft(data=data, hash=hash, sender=peer, own=own, now=now)
    for proof in document["proof"]:
        agreements_actions.receive_proof(data=canonical.encode(proof), hash=hash, sender=peer, now=now)


def _get(client: Client, url: str, now: datetime) -> bytes:
    with client.request("GET", url, now=now, limit=MAX_SMALL) as answer:
        if answer.status != 200:
            raise PeerError(answer.code, url.rpartition("/")[2][:40], status=answer.status)
        return answer.read()


def _keys(client: Client, peer: str, now: datetime) -> KeySet:
    found = pulling.refresh(client, peer, now)
    if found is None:
        raise PeerError("unreachable", "no key set")
    return found


def size_in(data: bytes) -> int:
    """The size that a stored receipt is for; 0 if it is none."""
    return _checkpoint(data)[0]


def _checkpoint(data: bytes) -> tuple[int, bytes]:
    try:
        found = checkpoint.parse(canonical.decode(data, limit=receipt.MAX_BYTES)["checkpoint"])
    except (LogError, SigningError, KeyError, TypeError):
        return 0, b""
    return found.size, found.root


def last_cosigned(client: Client, name: str, now: datetime) -> tuple[int, bytes]:
    """Where the readers of an own log stand: the largest checkpoint that one of them cosigned, and its root.

    Those who do not answer are not waited for: a receipt beside the database, else the log as it stands here.
    """
    channel = _own(name)
    known = [(channel.size, queries.kept_root(channel, channel.size))] if channel.size else []
    cosigned = [_checkpoint(data) for _, data in outside.last_receipts(this.node().folder, name)]
    for peer in queries.readers(channel):
        with suppress(PeerError, ExchangeError):
            heard = hear(client, channel, peer, now)
            cosigned += [(heard.size, heard.root)] if heard.receipt else []
    return max(cosigned or known or [(0, b"")])


def first_of_next(client: Client, name: str, now: datetime) -> Header:
    """The first header of the epoch that follows a partner's log, its signature verified."""
    old = _theirs(name)
    keys = _keys(client, old.origin, now)
    following = epochs.next_name(old)
    limits = Limits(lines=256)
    url = f"{keys.base}/channels/{following}/entries?from=0&limit=256&parts=0"
    with client.request("GET", url, now=now, accept=pages.MEDIA_TYPE, limit=pages.HARD_PAGE_BYTES) as answer:
        if answer.status != 200:
            raise PeerError(answer.code, "next epoch", status=answer.status)
        page = pages.parse(pages.split_lines(answer.body, limits), 0, limits)
    if not page.lines or page.lines[0].header.get("channel") != following:
        raise LogError("wrong-channel", "the next epoch is empty, or another log")
    headers.check(page.lines[0].header)
    verify_header(page.lines[0].header, keys)
    return page.lines[0].header


def _own(name: str) -> Channel:
    channel = queries.own_channels(WORKER).filter(pk=name).first()
    if channel is None:
        raise NotFound(f"{name} is no log of this node")
    return channel


def _theirs(name: str) -> Channel:
    channel = queries.feeds(WORKER).filter(pk=name).first()
    if channel is None:
        raise NotFound(f"{name} is no log that is read here")
    return channel
