"""What was put into the logs of both ends of a bridge, by the signed headers: they outlive every copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from kakehashi.accounts.viewer import Viewer
from kakehashi.exchange.models import Channel, Entry
from kakehashi.signing.commit import parse_stamp

URN = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class Put:
    """The first entry of one record in one channel. `at` is when its origin issued it, by its own clock."""

    origin: str
    record: UUID
    kind: str
    tlp: str
    clause: str
    lineage: str
    channel: str
    index: int
    at: datetime


@dataclass(frozen=True)
class Head:
    """How far one log is known here; `read_at` is None for an own log."""

    origin: str
    lineage: str
    size: int
    read_at: datetime | None


def first_puts(viewer: Viewer, lineages: Iterable[str], nodes: Iterable[str]) -> list[Put]:
    """The first entry of every record in every channel of these nodes under these agreements.

    Who is not one of the cluster's own learns only of records that were public when they were given.
    """
    rows = Channel.objects.filter(lineage__in=set(lineages), origin__in=set(nodes)).order_by("name")
    return [put for channel in rows for put in MEMORY.puts(channel) if viewer.is_member or put.tlp == "CLEAR"]


def heads(lineages: Iterable[str], nodes: Iterable[str]) -> list[Head]:
    """The logs that `first_puts` reads, and how far each is known here."""
    rows = Channel.objects.filter(lineage__in=set(lineages), origin__in=set(nodes)).select_related("feed")
    return [
        Head(row.origin, row.lineage, row.size, None if row.own else row.feed.checked_at)
        for row in rows.order_by("name")
    ]


class Memory:
    """What this process has read of logs: each is read again only when it has grown.

    The frontier holds a log to its last byte, so what is remembered for it cannot be out of date.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, list[Put]]] = {}

    def puts(self, channel: Channel) -> list[Put]:
        """The first entry of each record in this log."""
        frontier = bytes(channel.frontier)
        known = self._known.get(channel.name)
        if known is None or known[0] != frontier:
            known = self._known[channel.name] = frontier, _read(channel)
        return known[1]

    def forget(self) -> None:
        self._known.clear()


MEMORY = Memory()


def _read(channel: Channel) -> list[Put]:
    rows = Entry.objects.filter(channel=channel, op="put").order_by("index").values_list("index", "header")
    first: dict[str, Put] = {}
    for index, data in rows.iterator(chunk_size=2_000):
        header = orjson.loads(bytes(data))
        if header["id"] not in first:
            first[header["id"]] = _put(channel, index, header)
    return list(first.values())


def _put(channel: Channel, index: int, header: dict[str, str]) -> Put:
    return Put(
        origin=channel.origin,
        record=UUID(header["id"].removeprefix(URN)),
        kind=header["kind"],
        tlp=header["tlp"],
        clause=header.get("clause", ""),
        lineage=channel.lineage,
        channel=channel.name,
        index=index,
        at=parse_stamp(header["issued"]),
    )
