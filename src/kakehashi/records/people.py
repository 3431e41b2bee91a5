"""What records know of people: the organisations they may belong to, and who wrote which revision."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kakehashi.accounts import ports
from kakehashi.accounts.organisations import Organisation
from kakehashi.accounts.viewer import Viewer
from kakehashi.records import queries
from kakehashi.records.models import Revision


def plug() -> None:
    """Called once, when the app is ready."""
    ports.plug_organisations(_organisations)
    ports.plug_traces(ports.Traces("revisions", _found, _forget))


def _organisations(viewer: Viewer, now: datetime, only: Collection[UUID] | None) -> list[Organisation]:
    rows = queries.organisations(viewer, now).filter(own=True)
    if only is not None:
        rows = rows.filter(record__in=only)
    return [Organisation(record, names) for record, names in rows.values_list("record", "title")]


def _found(addresses: Sequence[str]) -> list[dict[str, Any]]:
    rows = Revision.objects.filter(by__in=addresses).order_by("at", "pk")
    return [
        {"record": str(row.record_id), "revision": row.number, "at": row.at.isoformat(), "body": row.body}
        for row in rows
    ]


def _forget(addresses: Sequence[str], pseudonym: str) -> None:
    Revision.objects.filter(by__in=addresses).update(by=pseudonym)
