"""Own records brought back from what a partner holds of them, after a database was put back from a backup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi.audit.actions import note
from kakehashi.records.actions.erasing import destroy
from kakehashi.records.actions.readings import project_all, project_own
from kakehashi.records.audience import Audience
from kakehashi.records.erasure import Scope
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record, Revision
from kakehashi.work import rows


@dataclass(frozen=True)
class Given:
    """One own record as it was last given under an agreement (`lineage`)."""

    record_id: UUID
    lineage: str
    body: dict[str, Any]
    person: dict[str, Any] | None
    issued: datetime
    expires: datetime | None
    tlp: str
    onward: str


@transaction.atomic
def put_back(*, given: Sequence[Given], actor: str, now: datetime) -> None:
    """Make own records what they were when they were given, each once; newer wordings that are here stay.

    The log does not say who else might see a record: one that is not here any more comes back for its
    agreement alone. Nothing is written to any log.
    """
    ids = [each.record_id for each in given]
    here = Record.objects.select_for_update().filter(pk__in=rows.among(ids)).in_bulk()
    back: list[tuple[Record, Revision]] = []
    for each in given:
        fresh = Record(id=each.record_id, created_at=each.issued, audience=Audience.NAMED)
        record = here.get(each.record_id, fresh)
        if each.body["revision"] >= record.revision:
            back.append((_renew(record, each, now), _wording(each, actor)))
    Record.objects.bulk_create([record for record, _ in back if record.pk not in here])
    for record, _ in back:
        if record.pk in here:
            record.save()
    Revision.objects.bulk_create(
        [wording for _, wording in back],
        update_conflicts=True,
        unique_fields=["record", "number"],
        update_fields=["body", "person", "at", "by"],
    )
    project_all(back, now)
    for record, wording in back:
        which, number = str(record.pk), wording.number
        note(at=now, actor=actor, action="records.put-back", object=which, revision=number)


def _renew(record: Record, given: Given, now: datetime) -> Record:
    record.kind, record.owner = given.body["kind"], _owner(given)
    record.tlp, record.onward, record.expires_at = given.tlp, given.onward, given.expires
    record.state, record.published_at = State.PUBLISHED, record.published_at or given.issued
    if record.audience not in (Audience.AGREEMENTS, Audience.PUBLIC):
        record.audience, record.named = Audience.NAMED, sorted({*record.named, given.lineage})
    record.revision, record.changed_at = given.body["revision"], now
    return record


def _wording(given: Given, actor: str) -> Revision:
    return Revision(
        record_id=given.record_id,
        number=given.body["revision"],
        body=given.body,
        person=given.person,
        at=given.issued,
        by=actor,
    )


@transaction.atomic
def take_back_again(*, record_id: UUID, reason: str, still: Sequence[str], actor: str, now: datetime) -> None:
    """An own record was withdrawn after the backup was made: it is so again, or seen by fewer.

    `still`: the agreements under which it goes on living.
    """
    record = Record.objects.select_for_update().filter(pk=record_id, state=State.PUBLISHED).first()
    if record is None:
        return
    if still:
        record.audience, record.named = Audience.NAMED, list(still)
    elif reason in list(State):
        record.state = State(reason)
    else:  # what narrowed it is lost with the backup's future: rather too narrow than given again
        record.audience, record.named = Audience.MEMBERS, []
    record.changed_at = now
    record.save()
    _show(record, now)
    note(at=now, actor=actor, action="records.take-back-again", object=str(record_id), reason=reason)


@transaction.atomic
def erase_again(
    *, record_id: UUID, scope: Scope, through: int | None = None, actor: str, now: datetime
) -> None:
    """What was erased after the backup was made is erased again; without `through` up to what is here now."""
    revision = Record.objects.filter(pk=record_id).values_list("revision", flat=True).first()
    if revision is None:
        return
    if destroy(record_id=record_id, scope=scope, through=through or revision, now=now):
        note(at=now, actor=actor, action="records.erase-again", object=str(record_id), scope=str(scope))


def is_here(record_id: UUID) -> bool:
    """True if this node has a record of that id."""
    return Record.objects.filter(pk=record_id).exists()


def _show(record: Record, now: datetime) -> None:
    revision = record.revisions.filter(number=record.revision).first()
    if revision is not None:
        project_own(record, revision, now)


def _owner(given: Given) -> UUID | None:
    if given.body["kind"] == "organisation":
        return given.record_id
    return UUID(str(given.body["organisation"]["id"])) if "organisation" in given.body else None
