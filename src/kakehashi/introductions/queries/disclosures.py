"""What was shown to whom, when, in which version and languages, under which agreement and clause.

Two sources: logs say what was given to which partner, `Showing` what a page showed to an organisation.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.exchange import history
from kakehashi.exchange.models import Entry
from kakehashi.introductions.models import Showing
from kakehashi.introductions.queries.loading import Introduction
from kakehashi.records import queries as records
from kakehashi.records.models import Reading, Revision
from kakehashi.signing.commit import parse_stamp
from kakehashi.translation.texts import LANGUAGES


@dataclass(frozen=True)
class Disclosure:
    """One revision of an own record that was given to a partner, and what is known of its receipt.

    `revision` and `languages` are those of the wording in force then; `received` is the partner's first
    receipt that covers the entry. `living`: it is still there to be read, and can be proven with its text.
    """

    at: datetime
    to: tuple[str, ...]
    record: UUID
    reading: Reading | None
    kind: str
    revision: int | None
    languages: tuple[str, ...]
    parts: tuple[str, ...]
    tlp: str
    agreement: str
    clause: str
    channel: str
    index: int
    received: datetime | None


def whose(viewer: Viewer, organisation: UUID | None) -> UUID | None:
    """The organisation whose log the viewer reads: managers any or (None) all, members their own."""
    if viewer.is_manager:
        return organisation
    if not viewer.owns(viewer.organisation):
        raise NotAllowed("introductions.disclosures")
    return viewer.organisation


def given(viewer: Viewer, organisation: UUID | None, only: Collection[UUID] | None = None) -> QuerySet[Entry]:
    """The entries of own logs that gave a record of the organisation to a partner, newest first.

    `only`: those of these records.
    """
    owner = whose(viewer, organisation)
    rows = history.given(WORKER, records.owned(WORKER, owner) if owner else None)
    return rows if only is None else rows.filter(record__in=only)


def told(viewer: Viewer, entries: Iterable[Entry], now: datetime) -> list[Disclosure]:
    """The entries of one page in full."""
    rows = list(entries)
    ids = {row.record for row in rows if row.record}
    readings = {each.record: each for each in records.readings_of(WORKER, ids)}
    wordings = records.wordings(WORKER, ids)
    ways = {(row.channel.lineage, row.channel.origin) for row in rows}
    parties = {lineage: _others(lineage, origin) for lineage, origin in ways}
    return [
        _disclosure(row, row.record, readings, wordings, parties[row.channel.lineage])
        for row in rows
        if row.record
    ]


def showings(
    viewer: Viewer, organisation: UUID | None, only: Collection[UUID] | None = None
) -> QuerySet[Showing]:
    """What pages of introductions showed: to the organisation, or of its records; newest first."""
    owner = whose(viewer, organisation)
    rows = Showing.objects.order_by("-at", "-pk")
    rows = rows if only is None else rows.filter(record__in=only)
    if owner is None:
        return rows
    return rows.filter(to=owner) | rows.filter(record__in=records.owned(WORKER, owner))


def concerned(found: Introduction) -> list[UUID]:
    """The records that an introduction consists of: what it is about, the question and all that was said."""
    target = [found.target] if found.target else []
    return [each.record for each in (*target, found.interest, *found.said)]


def _languages(body: dict[str, Any]) -> tuple[str, ...]:
    """The languages in which any of its texts is worded."""
    texts = [value for value in body.values() if isinstance(value, dict)]
    return tuple(lang for lang in LANGUAGES if any(lang in text for text in texts)) or (body.get("lang", ""),)


def _others(lineage: str, origin: str) -> tuple[str, ...]:
    try:
        parties = agreements.current(WORKER, lineage)["parties"]
    except NotFound:
        return ()
    return tuple(party["node"] for party in parties if party["node"] != origin)


def _disclosure(
    row: Entry,
    record: UUID,
    readings: dict[UUID, Reading],
    wordings: dict[UUID, list[Revision]],
    to: tuple[str, ...],
) -> Disclosure:
    header = orjson.loads(bytes(row.header))
    issued = parse_stamp(header["issued"])
    worded = [each for each in wordings.get(record, []) if each.at.replace(microsecond=0) <= issued]
    last = worded[-1] if worded else None
    return Disclosure(
        at=issued,
        to=to,
        record=record,
        reading=readings.get(record),
        kind=header["kind"],
        revision=last.number if last else None,
        languages=_languages(last.body) if last else (),
        parts=tuple(sorted(header["parts"])),
        tlp=header["tlp"],
        agreement=row.channel.lineage,
        clause=header.get("clause", ""),
        channel=row.channel_id,
        index=row.index,
        received=getattr(row, "received", None),
    )
