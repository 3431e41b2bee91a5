"""Changes to this node's own records; page, command line, import and jobs all call these."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kakehashi.records import lifecycle, ports, schema
from kakehashi.records.actions.readings import project_own
from kakehashi.records.audience import Audience, Onward, Tlp, default_tlp, level_problems
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record, Revision


@transaction.atomic
def create(
    *,
    viewer: Viewer,
    body: Mapping[str, Any],
    now: datetime,
    person: dict[str, Any] | None = None,
    record_id: UUID | None = None,
    start: Record | None = None,
) -> Record:
    """A new draft from `body` (without "revision"). InvalidInput, NotAllowed.

    `start` is an unsaved record with the state and level to begin with: only `sources.bring` passes one.
    """
    owner = _owner(body)
    if not viewer.may_edit(owner):
        raise NotAllowed("records.create")
    record = start or Record(id=record_id or uuid4())
    record.kind, record.created_at, record.changed_at = str(body.get("kind")), now, now
    record.owner = owner or (record.id if record.kind == "organisation" else None)
    _write(record, body, person, viewer, now)
    note(at=now, actor=viewer.actor, action="records.create", object=str(record.id), kind=record.kind)
    return record


@transaction.atomic
def revise(
    *, viewer: Viewer, record_id: UUID, body: Mapping[str, Any], now: datetime, person: dict[str, Any] | None = None
) -> Record:
    """A new revision of an own record; a wording that changes nothing writes none."""
    record = _mine(viewer, record_id)
    latest = record.revisions.get(number=record.revision)
    if {**body, "revision": latest.number} == latest.body and person == latest.person:
        return record
    if _owner(body) != (record.owner if record.kind != "organisation" else _owner(body)) and not viewer.is_staff:
        raise NotAllowed("records.change-owner")
    record.owner = _owner(body) or record.owner
    _write(record, body, person, viewer, now)
    note(at=now, actor=viewer.actor, action="records.revise", object=str(record.id), revision=record.revision)
    return record


@transaction.atomic
def set_level(
    *,
    viewer: Viewer,
    record_id: UUID,
    audience: str,
    now: datetime,
    tlp: str | None = None,
    onward: str = Onward.NONE,
    named: list[str] | None = None,
) -> Record:
    """Say who may see the record. Levels that do not go together are InvalidInput."""
    record = _mine(viewer, record_id)
    tlp = tlp or default_tlp(Audience(audience))
    wrong = level_problems(audience, tlp, onward)
    if wrong:
        raise InvalidInput({"audience": wrong})
    record.audience, record.tlp, record.onward = Audience(audience), Tlp(tlp), Onward(onward)
    record.named = sorted(named or []) if audience == Audience.NAMED else []
    _touch(record, now)
    note(at=now, actor=viewer.actor, action="records.level", object=str(record.id), audience=audience, tlp=tlp)
    return record


@transaction.atomic
def move(*, viewer: Viewer, record_id: UUID, to: State, now: datetime) -> Record:
    """Publish, hold, withdraw, archive … Conflict if `to` may not follow; members may not publish alone."""
    record = _mine(viewer, record_id)
    if to == State.PUBLISHED and not viewer.is_staff:
        raise NotAllowed("records.publish")
    record.state = lifecycle.step(record.state, to)
    if to == State.PUBLISHED:
        record.published_at = now
        if record.kind != "organisation":
            record.expires_at = lifecycle.expiry(now)
    _touch(record, now)
    note(at=now, actor=viewer.actor, action=f"records.{to}", object=str(record.id))
    return record


@transaction.atomic
def extend(*, viewer: Viewer, record_id: UUID, now: datetime) -> Record:
    """The one extension by another year."""
    record = _mine(viewer, record_id)
    if record.extended or record.expires_at is None:
        raise Conflict("extended")
    record.extended, record.expires_at = True, lifecycle.expiry(record.expires_at)
    _touch(record, now)
    note(at=now, actor=viewer.actor, action="records.extend", object=str(record.id))
    return record


def _owner(body: Mapping[str, Any]) -> UUID | None:
    reference = body.get("organisation")
    if not isinstance(reference, dict):
        return None
    try:
        return UUID(str(reference.get("id")))
    except ValueError:
        raise InvalidInput({"organisation": ["reference"]}) from None


def _mine(viewer: Viewer, record_id: UUID) -> Record:
    record = Record.objects.select_for_update().filter(pk=record_id).first()
    if record is None:
        raise NotFound(str(record_id))
    if not viewer.may_edit(record.owner):
        raise NotAllowed("records.edit")
    return record


def _write(
    record: Record, body: Mapping[str, Any], person: dict[str, Any] | None, viewer: Viewer, now: datetime
) -> None:
    full = {**body, "revision": record.revision + 1}
    wrong = schema.problems(full)
    if wrong:
        raise InvalidInput(wrong)
    record.revision += 1
    record.changed_at = now
    record.save()
    Revision.objects.create(
        record=record, number=record.revision, body=full, person=person, at=now, by=viewer.actor
    )
    _announce(record, now)


def _touch(record: Record, now: datetime) -> None:
    record.changed_at = now
    record.save()
    _announce(record, now)


def _announce(record: Record, now: datetime) -> None:
    project_own(record, record.revisions.get(number=record.revision), now)
    ports.record_changed(record, now)
