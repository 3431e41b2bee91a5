"""Make the reading tables agree with what is stored of a partner's channel: show, show again, take away."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import OperationalError, transaction

from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.decide import Allow
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, LogError, NotFound, RecordError
from kakehashi.exchange import header as headers
from kakehashi.exchange.header import Header
from kakehashi.exchange.models import Chain, Channel, Entry, Erasure, Part, Quarantine
from kakehashi.exchange.trusting import trust
from kakehashi.exchange.verify import Trust, check_put
from kakehashi.records import actions as records
from kakehashi.records import schema
from kakehashi.records.actions import Arrival, Crossing
from kakehashi.signing.commit import parse_stamp

log = logging.getLogger(__name__)

# Refused for a reason that may pass: the bytes are kept, so that they need not come again.
LATER = ("clock", "schema-unknown")


def arrival(
    channel: Channel, index: int, header: Header, parts: dict[str, bytes], allow: Allow, trusted: Trust
) -> Arrival:
    """One record of a partner as the reading tables take it; InvalidInput if its body is of another kind."""
    body: Any = orjson.loads(parts["body"]) if "body" in parts else None
    if type(body) is not dict or body.get("kind") != header["kind"]:
        raise InvalidInput({"": ["kind-unknown"]})
    return Arrival(
        record_id=headers.record_id(header),
        body=schema.known(body),
        person=orjson.loads(parts["person"]) if "person" in parts else None,
        regions=header["regions"],
        issued=parse_stamp(header["issued"]),
        expires=parse_stamp(header["expires"]) if "expires" in header else None,
        crossing=Crossing(
            channel=channel.name,
            agreement=channel.lineage,
            clause=header.get("clause") or (allow.clauses[0] if len(allow.clauses) == 1 else ""),
            index=index,
            onward=allow.onward,
            tlp=header["tlp"],
            open_until=trusted.standing["ends"],
        ),
    )


def show(channel: Channel, arrivals: list[Arrival], now: datetime) -> set[UUID]:
    """Show records of a partner; gives those whose body is not in the agreed form.

    One that breaks what shows it, for a reason that nobody thought of, is refused alone: the feed goes on.
    """
    side = side_of(channel.origin)
    try:
        with transaction.atomic():
            return set(records.receive_all(origin=channel.origin, side=side, arrivals=arrivals, now=now))
    except (OperationalError, MemoryError):  # the machine's trouble, no record's
        raise
    except Exception:
        log.exception("showing %d records of %s", len(arrivals), channel.name)
        if len(arrivals) <= 1:
            return {arrival.record_id for arrival in arrivals}
    return {record for arrival in arrivals for record in show(channel, [arrival], now)}


def show_again(channel: Channel, record: UUID, live: int | None, trusted: Trust) -> str:
    """Show the living put of a record from what is stored, or hide it; gives the code if it is refused."""
    code = ""
    try:
        header, parts = _stored(channel, live)
        if "body" not in parts and "body" in erased_names(channel, record, live or 0):
            hide(channel, record, trusted.now)
            return ""
        found = arrival(channel, live or 0, header, parts, check_put(header, trusted), trusted)
        code = "schema-invalid" if show(channel, [found], trusted.now) else ""
    except RecordError as e:
        code = e.code
    except (InvalidInput, NotFound):
        code = "schema-invalid"
    if code or live is None:
        hide(channel, record, trusted.now)
    return code


def hide(channel: Channel, record: UUID, now: datetime) -> None:
    """Take away what this channel showed of a record."""
    records.recall(origin=channel.origin, record_id=record, channel=channel.name, now=now)


def recheck(*, now: datetime) -> int:
    """Look again at what was refused for a reason that may have passed."""
    done = 0
    for row in Quarantine.objects.filter(code__in=LATER).select_related("channel").order_by("pk")[:500]:
        with transaction.atomic():
            done += _recheck(row, now)
    return done


@transaction.atomic
def rebuild(*, now: datetime) -> int:
    """Show everything of all partners anew from what is stored."""
    done = 0
    for channel in Channel.objects.filter(own=False).order_by("name"):
        trusted = trust(channel, now)
        chains = Chain.objects.filter(channel=channel, live__isnull=False, missing=False)
        refused = set(Quarantine.objects.filter(channel=channel).values_list("index", flat=True))
        for chain in sorted(chains, key=lambda chain: (chain.kind != "organisation", chain.live or 0)):
            if chain.live not in refused:
                show_again(channel, chain.record, chain.live, trusted)
                done += 1
    note(at=now, actor="worker", action="exchange.rebuild", object="readings", count=done)
    return done


def erased_names(channel: Channel, record: UUID, index: int) -> set[str]:
    """The parts of a put at `index` that a later entry has had erased."""
    rows = Erasure.objects.filter(channel=channel, record=record, index__gt=index).values_list(
        "parts", flat=True
    )
    return {name for names in rows for name in names}


def side_of(node: str) -> str:
    """The side that a partner's records are shown on."""
    try:
        return agreements.partner(WORKER, node).side
    except NotFound:
        return node.partition(".")[0]


def _stored(channel: Channel, live: int | None) -> tuple[Header, dict[str, bytes]]:
    if live is None:
        raise NotFound("nothing lives")
    entry = Entry.objects.get(channel=channel, index=live)
    parts = Part.objects.filter(channel=channel, index=live)
    return orjson.loads(bytes(entry.header)), {part.name: bytes(part.data) for part in parts}


def _recheck(row: Quarantine, now: datetime) -> int:
    entry = Entry.objects.get(channel=row.channel, index=row.index)
    chain = Chain.objects.filter(channel=row.channel, live=row.index).first()
    if chain is None:  # overtaken by a later revision
        row.delete()
        return 0
    try:
        trusted = trust(row.channel, now)
        check_put(orjson.loads(bytes(entry.header)), trusted)
    except (RecordError, LogError):
        return 0
    row.code = show_again(row.channel, chain.record, chain.live, trusted)
    row.tries += 1
    row.delete() if not row.code else row.save()
    note(
        at=now,
        actor="worker",
        action="exchange.recheck",
        object=f"{row.channel_id} {row.index}",
        code=row.code,
    )
    return 1
