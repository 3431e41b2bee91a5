"""A log that cannot be continued is closed, and its next epoch begins by naming where the readers stood."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.document import channel_name
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, LogError, NotAllowed, NotFound
from kakehashi.exchange import header as headers
from kakehashi.exchange.actions import keysets
from kakehashi.exchange.actions.showing import hide
from kakehashi.exchange.actions.writing import writing
from kakehashi.exchange.header import Header
from kakehashi.exchange.log import frontier
from kakehashi.exchange.models import Chain, Channel, Entry, Feed, Part
from kakehashi.records import actions as records
from kakehashi.signing.commit import hash_name


def next_name(channel: Channel) -> str:
    """The name of the epoch after this one."""
    return channel_name(channel.origin, channel.lineage, channel.epoch + 1)


def root_at(channel: Channel, size: int) -> bytes:
    """The root of the first `size` entries; LogError if there are fewer."""
    rows = Entry.objects.filter(channel=channel, index__lt=size).order_by("index")
    grown = frontier(0, b"").extend([bytes(leaf) for leaf in rows.values_list("leaf", flat=True)])
    if grown.size != size:
        raise LogError("from-beyond-size", f"{grown.size} of {size} entries are here")
    return grown.root()


@transaction.atomic
def open_next(*, viewer: Viewer, name: str, size: int, root: bytes, now: datetime) -> Channel:
    """Close an own log and begin its next epoch. `size` and `root`: the last checkpoint that was cosigned.

    What may cross is written anew by the worker; a reader goes on only when its operator has accepted.
    """
    _operators_only(viewer)
    old = Channel.objects.select_for_update().filter(pk=name, own=True).first()
    if old is None:
        raise NotFound(name)
    if old.state in ("closed", "ended"):
        raise Conflict(f"{name} is {old.state}")
    standing, keyset = agreements.current(WORKER, old.lineage), keysets.latest(old.origin)
    if keyset is None:
        raise Conflict("this node has no key set")
    for record in _living(old):
        records.taken_back(record_id=record, channel=name, now=now)
    _close(old)
    new = Channel.objects.create(
        name=next_name(old),
        origin=old.origin,
        own=True,
        lineage=old.lineage,
        epoch=old.epoch + 1,
        agreement=standing["hash"],
        keyset=keyset.hash,
        opened_at=now,
        changed_at=now,
    )
    with writing(new.name, now=now) as writer:
        follows = {"channel": name, "size": size, "root": hash_name(root)}
        writer.add({**headers.keyset(writer.place, hash=keyset.hash, now=now), "follows": follows})
    note(at=now, actor=viewer.actor, action="exchange.new-epoch", object=new.name, **follows)
    return new


@transaction.atomic
def accept_next(*, viewer: Viewer, name: str, first: Header, now: datetime) -> Channel:
    """Read on in the next epoch of a partner's log. `first`: its first header, whose signature was verified.

    LogError (fork) if it does not follow from what was read here. What came by the old log is shown again as
    soon as it comes by the new one.
    """
    _operators_only(viewer)
    old = Channel.objects.select_for_update().filter(pk=name, own=False).first()
    if old is None:
        raise NotFound(name)
    if old.state == "closed":
        raise Conflict(f"{name} is closed already")
    _check_follows(old, first.get("follows"))
    for record in _living(old):
        hide(old, record, now)
    _close(old)
    new = Channel.objects.create(
        name=next_name(old),
        origin=old.origin,
        own=False,
        lineage=old.lineage,
        epoch=old.epoch + 1,
        opened_at=now,
        changed_at=now,
    )
    Feed.objects.create(channel=new)
    facts = {"follows": name, "size": first["follows"]["size"]}
    note(at=now, actor=viewer.actor, action="exchange.accept-epoch", object=new.name, **facts)
    return new


@transaction.atomic
def resume(*, viewer: Viewer, name: str, now: datetime) -> None:
    """Read on in a log that was stopped, after people have spoken; whatever comes is judged as ever."""
    _operators_only(viewer)
    if not Channel.objects.filter(pk=name, own=False, state="stopped").update(state="open"):
        raise Conflict(f"{name} is not a partner's log that has stopped")
    Feed.objects.filter(pk=name).update(failures=0, next_try=None, code="", detail="")
    note(at=now, actor=viewer.actor, action="exchange.resume", object=name)


def _check_follows(old: Channel, follows: Any) -> None:
    if (
        type(follows) is not dict
        or follows.get("channel") != old.name
        or type(follows.get("size")) is not int
    ):
        raise LogError("fork", "the next epoch does not say which log it follows")
    if hash_name(root_at(old, follows["size"])) != follows.get("root"):
        raise LogError("fork", "the next epoch follows a log that is not the one that was read here")


def _living(channel: Channel) -> list[Any]:
    return list(Chain.objects.filter(channel=channel, live__isnull=False).values_list("record", flat=True))


def _close(channel: Channel) -> None:
    Part.objects.filter(channel=channel).delete()
    channel.state = "closed"
    channel.save(update_fields=["state"])


def _operators_only(viewer: Viewer) -> None:
    if not viewer.is_manager:
        raise NotAllowed("exchange.epoch")
