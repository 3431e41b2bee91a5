"""Changes that uploads go through: kept, corrected, agreed to, imported, forgotten."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, FileRefused, InvalidInput, NotAllowed
from kakehashi.importers import queries, ror, sheets
from kakehashi.importers.directory import NOBODY, Directory
from kakehashi.importers.models import Upload
from kakehashi.importers.queries import Plan, Step
from kakehashi.importers.ror_file import Record
from kakehashi.records import actions as records
from kakehashi.records import schema
from kakehashi.records.actions import EVERYONE, Level, Outcome
from kakehashi.records.audience import Audience, Tlp
from kakehashi.records.lifecycle import State

KEPT = timedelta(days=7)
ROR = "ror"  # the source under whose name ROR's organisations are known
AT_ONCE = 500  # lines: beyond, the worker takes over, so that nobody waits for the database's one writer
CHUNK = 100  # lines that the worker brings in with one transaction

# What may be chosen for new records; without a choice they are drafts.
LEVELS: dict[str, Level] = {
    "members": Level(Audience.MEMBERS, Tlp.GREEN),
    "agreements": Level(Audience.AGREEMENTS, Tlp.GREEN),
    "public": EVERYONE,
}


@transaction.atomic
def keep(*, viewer: Viewer, kind: str, name: str, data: bytes, now: datetime) -> Upload:
    """Keep a file until it is imported. FileRefused if it cannot be read at all; nothing is kept then."""
    plan = queries.plan(viewer, kind, name, data, now)
    upload = Upload.objects.create(
        actor=viewer.actor,
        kind=kind,
        name=name[:200],
        data=data,
        created_at=now,
        expires_at=now + KEPT,
        lines=len(plan.steps),
    )
    note(
        at=now, actor=viewer.actor, action="importers.keep", object=str(upload.id), kind=kind, size=len(data)
    )
    return upload


@transaction.atomic
def correct(*, viewer: Viewer, upload_id: UUID, name: str, data: bytes, now: datetime) -> Upload:
    """Put a corrected file in the place of the former. FileRefused leaves the former."""
    upload = _open(viewer, upload_id, now)
    plan = queries.plan(viewer, upload.kind, name, data, now)
    upload.name, upload.data, upload.lines, upload.expires_at = name[:200], data, len(plan.steps), now + KEPT
    upload.save()
    note(at=now, actor=viewer.actor, action="importers.correct", object=str(upload.id), size=len(data))
    return upload


@transaction.atomic
def decide(*, viewer: Viewer, upload_id: UUID, decided: Mapping[str, str], now: datetime) -> Upload:
    """Keep who is meant by names of an upload that leave a doubt: {key of the doubt: id, or NOBODY}.

    Only what was offered is taken; a later choice replaces the former.
    """
    upload = _open(viewer, upload_id, now)
    before = upload.decided
    offered = {doubt.key: doubt for doubt in queries.plan_of(viewer, upload, now, anew=True).doubts}
    chosen = {
        key: id
        for key, id in decided.items()
        if key in offered and id in {NOBODY, *(each.organisation.id for each in offered[key].candidates)}
    }
    upload.decided = {**before, **chosen}
    upload.save()
    note(at=now, actor=viewer.actor, action="importers.decide", object=str(upload.id), count=len(chosen))
    return upload


@transaction.atomic
def confirm(*, viewer: Viewer, upload_id: UUID, now: datetime, level: str = "") -> Upload:
    """Agree to an upload: its good lines become drafts, or records at `level` (of LEVELS; staff only).

    Up to AT_ONCE lines are in when this returns, in one transaction. More are left to the worker
    (`carry_on`), which goes on after any interruption. A second time does nothing.
    """
    upload = _mine(viewer, upload_id, now)
    if upload.agreed_at is not None:
        return upload
    if level and (level not in LEVELS or not viewer.is_staff):
        raise NotAllowed("records.publish")
    plan = queries.plan_of(viewer, upload, now)
    if not plan.steps:
        raise InvalidInput({"": [problem.code for problem in plan.sheet.problems] or ["rows-missing"]})
    upload.agreed_at, upload.level, upload.lines = now, level, len(plan.steps)
    upload.summary = {"left_out": len(plan.sheet.faulty)}
    upload.expires_at = now + KEPT
    if len(plan.steps) <= AT_ONCE:
        _advance(upload, plan, plan.steps, viewer, now)
        _finish(upload, now)
    upload.save()
    note(at=now, actor=viewer.actor, action="importers.confirm", object=str(upload.id), lines=upload.lines)
    return upload


def carry_on(*, now: datetime) -> int:
    """Bring in what was agreed to and is not in yet, chunk by chunk; how many lines. For the worker."""
    return sum(_carry_on(pk, now) for pk in queries.agreed())


def _carry_on(pk: UUID, now: datetime) -> int:
    upload = Upload.objects.get(pk=pk)
    viewer = accounts.viewer_of(accounts.by_address(upload.actor))
    try:
        plan = queries.plan_of(viewer, upload, now)
    except (FileRefused, NotAllowed):  # the person lost the right since; what is in stays
        plan = None
    steps = [step for step in plan.steps if step.draft.line > upload.done_line] if plan else []
    for start in range(0, len(steps), CHUNK):
        with transaction.atomic():
            assert plan is not None  # noqa: S101  # there are steps
            _advance(upload, plan, steps[start : start + CHUNK], viewer, now)
            upload.save()
    with transaction.atomic():
        _finish(upload, now)
        upload.save()
    return len(steps)


def _advance(upload: Upload, plan: Plan, steps: Sequence[Step], viewer: Viewer, now: datetime) -> None:
    """Bring in some lines and count them in the upload, within the caller's transaction."""
    made = bring_in(viewer=viewer, plan=plan, steps=steps, now=now, level=LEVELS.get(upload.level))
    counted = upload.summary
    upload.summary = {
        **counted,
        **{outcome.value: counted.get(outcome.value, 0) + made[outcome.value] for outcome in Outcome},
        "records": [*counted.get("records", []), *made["records"]],
    }
    upload.done_line, upload.done = steps[-1].draft.line, upload.done + len(steps)


def _finish(upload: Upload, now: datetime) -> None:
    upload.imported_at, upload.data = now, b""  # what it said now stands in the records


@transaction.atomic
def bring_in(
    *,
    viewer: Viewer,
    plan: Plan,
    now: datetime,
    level: Level | None = None,
    steps: Sequence[Step] | None = None,
) -> dict[str, Any]:
    """Import a plan's good lines, or some of its `steps`, in one transaction: how many, and their records."""
    source = queries.source(plan.sheet.kind)
    counts: Counter[str] = Counter()
    touched = []
    for step in plan.steps if steps is None else steps:
        if step.adopted and step.record:
            records.adopt(viewer=viewer, source=source, key=step.draft.key, record_id=step.record, now=now)
        record_id, outcome = records.bring(
            viewer=viewer,
            source=source,
            key=step.draft.key,
            body=step.draft.body,
            now=now,
            level=None if step.doubtful else level,
            merge=partial(sheets.merge, fields=plan.sheet.fields),
        )
        counts[outcome] += 1
        touched += [str(record_id)] if outcome != Outcome.UNCHANGED else []
    facts = {outcome.value: counts[outcome] for outcome in Outcome}
    note(at=now, actor=viewer.actor, action="importers.import", object=source, **facts)
    return {**facts, "records": touched}


@transaction.atomic
def bring_in_ror(
    *,
    viewer: Viewer,
    found: Sequence[Record],
    now: datetime,
    level: Level | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Bring in organisations of ROR (importers/ror.py), merged with those that are here; how many.

    `progress(done, all)` is called after each. One that was erased here, or may not change, is left out.
    """
    if not viewer.is_staff:
        raise NotAllowed("importers.ror")
    lang, among = this.node().language, queries.directory(viewer, now)
    known = queries.known(viewer, ROR)
    taken = set(known.values())
    counts: Counter[str] = Counter()
    for done, record in enumerate(found, 1):
        body = ror.body(record, lang)
        same = known.get(record["id"]) or _same(among, body, taken)
        taken |= {same} if same else set()
        gone = same is None and records.was_erased(ROR, record["id"])
        archived = among.states.get(str(same)) == State.ARCHIVED
        if gone or archived or schema.problems({**body, "revision": 1}):
            counts["left_out"] += 1
        else:
            counts[_bring_ror(viewer, record["id"], body, same, now, level)] += 1
        if progress:
            progress(done, len(found))
    facts = {name: counts[name] for name in (*(outcome.value for outcome in Outcome), "left_out")}
    note(at=now, actor=viewer.actor, action="importers.ror", object=ROR, **facts)
    return facts


def _same(among: Directory, body: dict[str, Any], taken: set[UUID]) -> UUID | None:
    """The organisation that a body is surely about, once; what is doubtful comes in as another one."""
    found = among.same(body)
    return found if isinstance(found, UUID) and found not in taken else None


def _bring_ror(
    viewer: Viewer, key: str, body: dict[str, Any], same: UUID | None, now: datetime, level: Level | None
) -> str:
    if same:
        records.adopt(viewer=viewer, source=ROR, key=key, record_id=same, now=now)
    _record, outcome = records.bring(
        viewer=viewer, source=ROR, key=key, body=body, now=now, level=level, merge=ror.merge
    )
    return outcome.value


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


def _open(viewer: Viewer, upload_id: UUID, now: datetime) -> Upload:
    upload = _mine(viewer, upload_id, now)
    if upload.agreed_at is not None:
        raise Conflict("imported")
    return upload
