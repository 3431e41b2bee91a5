"""Changes to this node's own records; page, command line, import and jobs all call these."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kakehashi.records import lifecycle, lint, ports, schema
from kakehashi.records.actions.readings import project_own
from kakehashi.records.audience import Audience, Onward, Tlp, default_tlp, is_wider, level_problems
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
    overrule: bool = False,
) -> Record:
    """A new draft from `body` (without "revision"). InvalidInput, NotAllowed.

    `start` is an unsaved record with the state and level to begin with: only `sources.bring` passes one.
    `overrule`: contact data in the text (`records.lint`) is meant, should the record be public at once.
    """
    owner = _owner(body)
    if not viewer.may_edit(owner):
        raise NotAllowed("records.create")
    record = start or Record(id=record_id or uuid4())
    record.kind, record.created_at, record.changed_at = str(body.get("kind")), now, now
    record.owner = owner or (record.id if record.kind == "organisation" else None)
    doubts = write(record, body, person, viewer, now, overrule)
    note(
        at=now, actor=viewer.actor, action="records.create", object=str(record.id), kind=record.kind, **doubts
    )
    return record


@transaction.atomic
def revise(
    *,
    viewer: Viewer,
    record_id: UUID,
    body: Mapping[str, Any],
    now: datetime,
    person: dict[str, Any] | None = None,
    overrule: bool = False,
) -> Record:
    """A new revision of an own record; a wording that changes nothing writes none. Conflict once archived."""
    record = _mine(viewer, record_id)
    latest = record.revisions.get(number=record.revision)
    if {**body, "revision": latest.number} == latest.body and person == latest.person:
        return record
    if record.state == State.ARCHIVED:
        raise Conflict("archived")
    if body.get("kind") != record.kind:
        raise InvalidInput({"": ["kind-unknown"]})
    owner = record.id if record.kind == "organisation" else _owner(body)
    if owner != record.owner and not viewer.is_staff:
        raise NotAllowed("records.change-owner")
    record.owner = owner or record.owner
    _check_again(record, viewer)
    doubts = write(record, body, person, viewer, now, overrule)
    if record.kind == "organisation" and body["region"] != latest.body["region"]:
        _follow_region(record, now)
    facts = {"revision": record.revision, **doubts}
    note(at=now, actor=viewer.actor, action="records.revise", object=str(record.id), **facts)
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
    tlp = tlp or default_tlp(audience)
    wrong = level_problems(audience, tlp, onward)
    if wrong:
        raise InvalidInput({"audience": wrong})
    if record.state == State.PUBLISHED and not viewer.is_staff and is_wider(audience, record.audience):
        raise NotAllowed("records.widen")
    _check_again(record, viewer)
    record.audience, record.tlp, record.onward = Audience(audience), Tlp(tlp), Onward(onward)
    record.named = sorted(named or []) if audience == Audience.NAMED else []
    _touch(record, now)
    facts = {"audience": audience, "tlp": tlp, "onward": onward, "named": record.named}
    note(at=now, actor=viewer.actor, action="records.level", object=str(record.id), **facts)
    return record


@transaction.atomic
def move(*, viewer: Viewer, record_id: UUID, to: State, now: datetime, overrule: bool = False) -> Record:
    """Publish, hold, withdraw, archive … Conflict if `to` may not follow.

    Members may not publish alone: they approve what the cluster's team has checked and asked them about.

    Publishing a text with contact data is InvalidInput unless `overrule` says that it is meant; what a folder
    above objects to (`ports.on_publication`) is InvalidInput until it is mended.
    A record that was on hold keeps its term; every other publication begins a new one.
    """
    record = _mine(viewer, record_id)
    if not lifecycle.may_take(record.state, to, is_staff=viewer.is_staff):
        raise NotAllowed("records.publish")
    before, record.state = record.state, lifecycle.step(record.state, to)
    doubts: dict[str, Any] = {}
    if to == State.PUBLISHED:
        doubts = _doubts(record, record.revisions.get(number=record.revision).body, now, overrule)
        record.published_at = now
        if record.kind != "organisation" and before != State.ON_HOLD:
            record.expires_at, record.extended = lifecycle.expiry(now), False
    _touch(record, now)
    note(at=now, actor=viewer.actor, action=f"records.{to}", object=str(record.id), **doubts)
    return record


@transaction.atomic
def extend(*, viewer: Viewer, record_id: UUID, now: datetime) -> Record:
    """The one extension of a term by another year; Conflict if there is none to extend."""
    record = _mine(viewer, record_id)
    ends = record.expires_at
    if ends is None or not lifecycle.may_extend(record.state, ends, extended=record.extended):
        raise Conflict("extended")
    record.extended, record.expires_at = True, lifecycle.expiry(ends)
    _touch(record, now)
    note(at=now, actor=viewer.actor, action="records.extend", object=str(record.id))
    return record


def _check_again(record: Record, viewer: Viewer) -> None:
    """What an organisation changes instead of approving it goes back to the team, which has not seen it."""
    if record.state == State.CLIENT_APPROVAL and not viewer.is_staff:
        record.state = State.IN_REVIEW


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


def write(
    record: Record,
    body: Mapping[str, Any],
    person: dict[str, Any] | None,
    viewer: Viewer,
    now: datetime,
    overrule: bool = False,
) -> dict[str, Any]:
    """Store the next revision of a checked owner; what the audit should say of contact data in it."""
    full = {**body, "revision": record.revision + 1}
    wrong = schema.problems(full)
    if wrong:
        raise InvalidInput(wrong)
    doubts = _doubts(record, full, now, overrule)
    record.revision += 1
    record.changed_at = now
    record.save()
    Revision.objects.create(
        record=record, number=record.revision, body=full, person=person, at=now, by=viewer.actor
    )
    _announce(record, now)
    return doubts


def _doubts(record: Record, body: Mapping[str, Any], now: datetime, overrule: bool) -> dict[str, Any]:
    """What is said of contact data in what is public now (EXCHANGE.md section 5), if they are meant.

    InvalidInput if they are not, and for what must be mended before anybody reads it.
    """
    if record.state != State.PUBLISHED:
        return {}
    contacts, wrong = lint.warnings(body), ports.objections(body, now)
    if wrong or (contacts and not overrule):
        raise InvalidInput(
            {name: [*contacts.get(name, []), *wrong.get(name, [])] for name in contacts | wrong}
        )
    return {"overruled": sorted(contacts)} if contacts else {}


def _follow_region(organisation: Record, now: datetime) -> None:
    """An organisation moved: what it owns belongs to the new region."""
    for record in Record.objects.filter(owner=organisation.id, revision__gt=0).exclude(pk=organisation.pk):
        _announce(record, now)


def _touch(record: Record, now: datetime) -> None:
    record.changed_at = now
    record.save()
    _announce(record, now)


def _announce(record: Record, now: datetime) -> None:
    project_own(record, record.revisions.get(number=record.revision), now)
    ports.record_changed(record, now)
