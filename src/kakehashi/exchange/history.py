"""Reads of the logs as they were written, for those who prove, audit or compare them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from django.db.models import OuterRef, QuerySet, Subquery

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.document import Document
from kakehashi.agreements.terms import State
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.exchange.models import Chain, Channel, Entry, KeySetVersion, Part, Receipt
from kakehashi.exchange.page import Part as Payload
from kakehashi.exchange.queries import signed_head
from kakehashi.signing.commit import parse_stamp


@dataclass(frozen=True)
class Logged:
    """One entry where it stands. `parts` are the payloads that live."""

    channel: Channel
    index: int
    header: bytes
    parts: dict[str, Payload] = field(default_factory=dict)


def of_record(viewer: Viewer, origin: str, record: UUID, *, lineage: str = "") -> Logged:
    """What counts of a record in the newest log that tells of it, or in that of one agreement.

    That is the living put, else the newest entry. NotFound if no log tells of it.
    """
    _must_be_staff(viewer)
    chains = Chain.objects.filter(channel__origin=origin, record=record).select_related("channel")
    if lineage:
        chains = chains.filter(channel__lineage=lineage)
    chain = chains.order_by("-channel__opened_at", "-channel__epoch").first()
    if chain is None:
        raise NotFound(f"no log here tells of the record {origin}/{record}")
    entries = Entry.objects.filter(channel=chain.channel)
    entry = entries.get(record=record, rev=chain.rev) if chain.live is None else entries.get(index=chain.live)
    rows = Part.objects.filter(channel=chain.channel, index=entry.index)
    parts = {row.name: Payload(bytes(row.salt), bytes(row.data)) for row in rows}
    return Logged(chain.channel, entry.index, bytes(entry.header), parts)


def taken_back(viewer: Viewer, found: Collection[UUID]) -> dict[tuple[str, str, UUID], datetime]:
    """When these records were withdrawn, or all of their text erased, by (lineage, origin, record).

    As the newest log of each agreement has it, so that both of its parties say the same.
    """
    _must_be_staff(viewer)
    chains = Chain.objects.filter(record__in=found).select_related("channel").order_by("channel__epoch")
    newest = {(each.channel.lineage, each.channel.origin, each.record): each for each in chains}
    ends = Entry.objects.filter(channel__in={each.channel_id for each in newest.values()}, record__in=found)
    last = {(row.channel_id, row.record, row.rev): row for row in ends.filter(op__in=("withdraw", "erase"))}
    gone = {}
    for key, chain in newest.items():
        entry = last.get((chain.channel_id, chain.record, chain.rev))
        header = orjson.loads(bytes(entry.header)) if entry else {}
        if header and (header["op"] == "withdraw" or "body" in header["parts"]):
            gone[key] = parse_stamp(header["issued"])
    return gone


def given(viewer: Viewer, found: Collection[UUID] | None = None) -> QuerySet[Entry]:
    """The entries of own logs that gave a record, of these ids or any, newest first.

    `received` is when the first receipt that covers one was signed.
    """
    _must_be_staff(viewer)
    covers = Receipt.objects.filter(channel=OuterRef("channel"), size__gt=OuterRef("index")).order_by("size")
    rows = Entry.objects.filter(channel__own=True, op="put").select_related("channel")
    rows = rows if found is None else rows.filter(record__in=found)
    return rows.annotate(received=Subquery(covers.values("at")[:1])).order_by("-pk")


def channels(viewer: Viewer) -> list[Channel]:
    """All logs that are kept here, own and partners'."""
    _must_be_staff(viewer)
    return list(Channel.objects.order_by("name"))


def leaves(channel: Channel, first: int, last: int) -> list[bytes]:
    """The leaf hashes of a range of entries."""
    rows = Entry.objects.filter(channel=channel, index__gte=first, index__lt=last).order_by("index")
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


def headers(channel: Channel, first: int, last: int) -> list[bytes]:
    """The canonical bytes of a range of entries, without any payload."""
    rows = Entry.objects.filter(channel=channel, index__gte=first, index__lt=last).order_by("index")
    return [bytes(header) for header in rows.values_list("header", flat=True)]


def first_receipts(channel: Channel, index: int) -> list[bytes]:
    """For each reader its first receipt that covers an entry: how early it was known to have it."""
    first: dict[str, bytes] = {}
    for row in Receipt.objects.filter(channel=channel, size__gt=index).order_by("size", "pk"):
        first.setdefault(row.peer, bytes(row.data))
    return list(first.values())


def newest_note(channel: Channel) -> str:
    """The newest signed head of a log, as far as it is kept here."""
    return signed_head(channel, channel.size).note if channel.own else channel.feed.note


def key_sets(nodes: Sequence[str]) -> list[bytes]:
    """All verified key sets of these nodes, oldest first."""
    rows = KeySetVersion.objects.filter(node__in=nodes).order_by("node", "version")
    return [bytes(data) for data in rows.values_list("data", flat=True)]


def versions(viewer: Viewer, channel: Channel, hash: str) -> list[Document]:
    """The signed versions of a log's agreement, from the first to the one of that hash."""
    found = []
    for standing in agreements.of_lineage(viewer, channel.lineage):
        if standing["state"] in (State.ACTIVE, State.ENDED):
            found.append(agreements.signed_document(agreements.get(viewer, standing["hash"])))
            if standing["hash"] == hash:
                return found
    raise NotFound(f"no agreement {hash}")


def _must_be_staff(viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise NotAllowed("exchange.history")
