"""Changes that uploads go through: kept, corrected, imported, forgotten."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.importers import queries, sheets
from kakehashi.importers.models import Upload
from kakehashi.importers.queries import Plan
from kakehashi.records import actions as records
from kakehashi.records.actions import Level, Outcome

KEPT = timedelta(days=7)


@transaction.atomic
def keep(*, viewer: Viewer, kind: str, name: str, data: bytes, now: datetime) -> Upload:
    """Keep a file until it is imported. FileRefused if it cannot be read at all; nothing is kept then."""
    queries.plan(viewer, kind, name, data, now)
    upload = Upload.objects.create(
        actor=viewer.actor, kind=kind, name=name[:200], data=data, created_at=now, expires_at=now + KEPT
    )
    note(
        at=now, actor=viewer.actor, action="importers.keep", object=str(upload.id), kind=kind, size=len(data)
    )
    return upload


@transaction.atomic
def correct(*, viewer: Viewer, upload_id: UUID, name: str, data: bytes, now: datetime) -> Upload:
    """Put a corrected file in the place of the former. FileRefused leaves the former."""
    upload = _mine(viewer, upload_id, now)
    queries.plan(viewer, upload.kind, name, data, now)
    upload.name, upload.data, upload.expires_at = name[:200], data, now + KEPT
    upload.save()
    note(at=now, actor=viewer.actor, action="importers.correct", object=str(upload.id), size=len(data))
    return upload


@transaction.atomic
def confirm(*, viewer: Viewer, upload_id: UUID, now: datetime, level: Level | None = None) -> Upload:
    """Import the good lines of an upload, as drafts or at `level`; a second time does nothing."""
    upload = _mine(viewer, upload_id, now)
    if upload.imported_at is not None:
        return upload
    plan = queries.plan(viewer, upload.kind, upload.name, bytes(upload.data), now)
    upload.summary = bring_in(viewer=viewer, plan=plan, now=now, level=level)
    upload.imported_at, upload.data = now, b""  # what it said now stands in the records
    upload.save()
    return upload


@transaction.atomic
def bring_in(*, viewer: Viewer, plan: Plan, now: datetime, level: Level | None = None) -> dict[str, object]:
    """Import a plan's good lines in one transaction; how many, and the ids of those created or changed."""
    sheet = plan.sheet
    if sheet.problems or not plan.steps:
        raise InvalidInput({"": [problem.code for problem in sheet.problems] or ["rows-missing"]})
    if level and not viewer.is_staff:
        raise NotAllowed("records.publish")
    source = queries.source(sheet.kind)
    counts: Counter[str] = Counter()
    touched = []
    for step in plan.steps:
        if step.adopted and step.record:
            records.adopt(viewer=viewer, source=source, key=step.draft.key, record_id=step.record, now=now)
        record_id, outcome = records.bring(
            viewer=viewer,
            source=source,
            key=step.draft.key,
            body=step.draft.body,
            now=now,
            level=level,
            merge=partial(sheets.merge, fields=sheet.fields),
        )
        counts[outcome] += 1
        touched += [str(record_id)] if outcome != Outcome.UNCHANGED else []
    facts = {outcome.value: counts[outcome] for outcome in Outcome} | {"left_out": len(sheet.faulty)}
    note(at=now, actor=viewer.actor, action="importers.import", object=source, **facts)
    return {**facts, "records": touched}


@transaction.atomic
def forget(*, viewer: Viewer, upload_id: UUID, now: datetime) -> None:
    """Delete an upload that is not wanted any more; records already imported from it stay."""
    _mine(viewer, upload_id, now).delete()
    note(at=now, actor=viewer.actor, action="importers.forget", object=str(upload_id))


def forget_due(*, now: datetime) -> int:
    """Delete uploads past their date; how many."""
    return Upload.objects.filter(expires_at__lte=now).delete()[0]


def _mine(viewer: Viewer, upload_id: UUID, now: datetime) -> Upload:
    queries.upload(viewer, upload_id, now)
    return Upload.objects.select_for_update().get(pk=upload_id)
