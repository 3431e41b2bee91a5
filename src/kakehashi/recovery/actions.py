"""At start and after a restore: partners are asked, what is missing comes back, then logs grow again."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import KakehashiError, LogError, NotAllowed
from kakehashi.exchange import outside, queries
from kakehashi.exchange.actions import epochs, feeding, restoring
from kakehashi.exchange.actions.writing import WAITING
from kakehashi.exchange.client import Client
from kakehashi.exchange.models import Channel
from kakehashi.recovery import asking, checking
from kakehashi.recovery.asking import Heard

log = logging.getLogger(__name__)
PATIENCE = 15.0  # seconds that a partner gets to answer before what this node's folder knows must do
ROUNDS = 100  # of fetching back while the partner still reads

_began = [0.0]


def begin(*, now: datetime) -> None:
    """A process starts: nothing is appended until the partners were asked."""
    _began[0] = time.monotonic()
    restoring.ask_anew(now=now)


def check(*, now: datetime) -> list[str]:
    """Check the database and all logs; what is wrong keeps the node from writing until nothing is."""
    found = checking.database() or checking.logs()
    before = outside.damage(this.node().folder)
    outside.set_damage(this.node().folder, found)
    if found and found != before:
        log.error("the data are damaged: %s", "; ".join(found))
    elif before and not found:
        note(at=now, actor="worker", action="recovery.sound", object="database")
    return found


def settle(client: Client, clock: Callable[[], datetime], *, impatient: bool | None = None) -> dict[str, str]:
    """Ask for every own log that waits, and fetch back what is missing; {channel: why it still waits}."""
    if impatient is None:
        impatient = time.monotonic() - _began[0] > PATIENCE
    waiting: dict[str, str] = {}
    for channel in queries.own_channels(WORKER).filter(state__in=WAITING):
        try:
            reason = _settle(client, channel, clock, impatient)
        except KakehashiError as e:
            log.warning("%s: %s", channel.name, e)
            reason = str(e)
        if reason:
            waiting[channel.name] = reason
    if not waiting:
        (this.node().folder / outside.RESTORED).unlink(missing_ok=True)
    return waiting


def read_next(client: Client, *, viewer: Viewer, name: str, now: datetime) -> Channel:
    """A person agrees to read on in the epoch after a partner's log that was closed.

    NotAllowed unless a manager; PeerError if the partner cannot show it; LogError if it does not follow.
    """
    if not viewer.is_manager:
        raise NotAllowed("exchange.epoch")
    first = asking.first_of_next(client, name, now)
    return epochs.accept_next(viewer=viewer, name=name, first=first, now=now)


def _settle(client: Client, channel: Channel, clock: Callable[[], datetime], impatient: bool) -> str:
    heard, silent = _ask(client, channel, clock())
    for _ in range(ROUNDS):
        longest = max(heard, key=lambda one: one.size, default=None)
        if longest is None or longest.size <= channel.size:
            break
        restoring.wait_for_recovery(name=channel.name, peer=longest.peer, size=longest.size, now=clock())
        asking.fetch_back(client, channel, longest.peer, clock)
        channel.refresh_from_db()
        heard, silent = _ask(client, channel, clock())
    for one in heard:
        _agree(channel, one, clock())
    if silent and not (impatient and is_known_whole(channel)):
        return "; ".join(f"{peer}: {why}" for peer, why in silent.items())
    _check_receipts(channel)
    outside.note_size(this.node().folder, channel.name, channel.size)
    restoring.go_on(name=channel.name, asked=[one.peer for one in heard], now=clock())
    for one in heard:
        if one.receipt:
            channel.refresh_from_db()
            feeding.take_receipt(channel=channel, peer=one.peer, data=one.receipt, now=clock())
    return ""


def _ask(client: Client, channel: Channel, now: datetime) -> tuple[list[Heard], dict[str, str]]:
    heard: list[Heard] = []
    silent: dict[str, str] = {}
    for peer in queries.readers(channel):
        try:
            heard.append(asking.hear(client, channel, peer, now))
        except KakehashiError as e:
            silent[peer] = str(e)
    return heard, silent


def _agree(channel: Channel, one: Heard, now: datetime) -> None:
    """What a reader cosigned is what stands here; else two things were signed under one number."""
    if one.receipt and restoring.keep_head(name=channel.name, size=one.size) != one.root:
        restoring.wait_for_recovery(name=channel.name, peer=one.peer, size=one.size, now=now)
        raise LogError("fork", f"{one.peer} read another log up to {one.size}: only a new epoch helps")


def _check_receipts(channel: Channel) -> None:
    """A receipt that is kept outside may tell of more than anybody still has."""
    for peer, data in outside.last_receipts(this.node().folder, channel.name):
        size = asking.size_in(data)
        if size > channel.size:
            restoring.wait_for_recovery(name=channel.name, peer=peer, size=size, now=channel.changed_at)
            raise LogError(
                "from-beyond-size",
                f"{peer} once had {size} entries, nobody has them now: a new epoch is needed",
            )


def is_known_whole(channel: Channel) -> bool:
    """True if the files beside the database show that nothing of an own log is missing.

    After a restore that was announced they may be as old as the database, and show nothing.
    """
    folder = this.node().folder
    if (folder / outside.RESTORED).exists():
        return False
    written = outside.written_size(folder, channel.name)
    receipts = [asking.size_in(data) for _, data in outside.last_receipts(folder, channel.name)]
    known = [*receipts, *([written] if written is not None else [])]
    return channel.size == 0 or (bool(known) and max(known) <= channel.size)
