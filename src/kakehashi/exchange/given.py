"""What was put into the logs of both ends of a bridge, by the signed headers: they outlive every copy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from kakehashi.accounts.viewer import Viewer
from kakehashi.exchange.models import Channel, Entry
from kakehashi.signing.commit import parse_stamp

URN = "urn:uuid:"


@dataclass(frozen=True)
class Put:
    """The first entry of one record in one channel. `at` is when its origin issued it, by its own clock."""

    origin: str
    record: UUID
    kind: str
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
    found = []
    for channel in Channel.objects.filter(lineage__in=set(lineages), origin__in=set(nodes)).order_by("name"):
        seen: set[str] = set()
        for index, header in _puts(channel):
            if header["id"] not in seen and (viewer.is_member or header["tlp"] == "CLEAR"):
                found.append(_put(channel, index, header))
            seen.add(header["id"])
    return found


def heads(lineages: Iterable[str], nodes: Iterable[str]) -> list[Head]:
    """The logs that `first_puts` reads, and how far each is known here."""
    rows = Channel.objects.filter(lineage__in=set(lineages), origin__in=set(nodes)).select_related("feed")
    return [
        Head(row.origin, row.lineage, row.size, None if row.own else row.feed.checked_at)
        for row in rows.order_by("name")
    ]


def _puts(channel: Channel) -> Iterator[tuple[int, dict[str, str]]]:
    rows = Entry.objects.filter(channel=channel, op="put").order_by("index")
    for index, data in rows.values_list("index", "header").iterator(chunk_size=2_000):
        yield index, orjson.loads(bytes(data))


def _put(channel: Channel, index: int, header: dict[str, str]) -> Put:
    return Put(
        origin=channel.origin,
        record=UUID(header["id"].removeprefix(URN)),
        kind=header["kind"],
        clause=header.get("clause", ""),
        lineage=channel.lineage,
        channel=channel.name,
        index=index,
        at=parse_stamp(header["issued"]),
    )
