"""What records know of people: organisations to belong to, who wrote what, whose contact data stand where."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kakehashi import clock
from kakehashi.accounts import ports
from kakehashi.accounts.organisations import Organisation
from kakehashi.accounts.viewer import WORKER, Role, Viewer
from kakehashi.records import actions, queries
from kakehashi.records.erasure import Scope
from kakehashi.records.models import Revision


def plug() -> None:
    """Called once, when the app is ready."""
    ports.plug_organisations(_organisations)
    ports.plug_traces(ports.Traces("revisions", _found, _forget))
    ports.plug_traces(ports.Traces("contacts", _contacts, _erase_contacts))


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


def _contacts(addresses: Sequence[str]) -> list[dict[str, Any]]:
    found = {record for address in addresses for record in queries.with_contact(WORKER, address)}
    return [{"record": str(record), "part": "person"} for record in sorted(found)]


def _erase_contacts(addresses: Sequence[str], pseudonym: str) -> None:
    """The person's own request: the personal parts that name them go, here and at every partner."""
    viewer = Viewer(role=Role.OPERATOR, actor=pseudonym)
    for row in _contacts(addresses):
        now = clock.now()  # whoever forgets somebody is not told the time
        actions.erase(
            viewer=viewer, record_id=UUID(row["record"]), scope=Scope.PERSON, basis="gdpr-17", now=now
        )
