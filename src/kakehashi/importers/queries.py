"""Reads of importers: uploads of the person who looks, and what a sheet would do to the records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.importers import files, sheets
from kakehashi.importers.columns import KEY
from kakehashi.importers.directory import Directory, Doubt, Entry
from kakehashi.importers.models import Upload
from kakehashi.importers.sheets import Draft, Givens, Problem, Sheet
from kakehashi.importers.words import words
from kakehashi.records import lint, ports
from kakehashi.records import queries as records
from kakehashi.records.actions import Outcome, digest_of, was_erased
from kakehashi.records.kinds import KINDS
from kakehashi.records.kinds import field as field_of
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, SourceKey
from kakehashi.records.schema import Problems

NOT_YOURS = "organisation-not-yours"


@dataclass(frozen=True)
class Step:
    """What importing one line would do. `record` is set where it is already here."""

    draft: Draft
    outcome: Outcome
    record: UUID | None = None
    adopted: bool = False  # found by name or ROR: from now on the sheet's line stands for it
    doubtful: bool = False  # may not be published unseen: becomes a draft whatever the level
    known_as: str = ""  # its name here, where the line has none that is exactly so


@dataclass(frozen=True)
class Plan:
    """A sheet and what importing its good lines would do."""

    sheet: Sheet
    steps: list[Step]
    doubts: list[Doubt] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        return sum(step.outcome == outcome for step in self.steps)

    @property
    def doubtful(self) -> list[Step]:
        return [step for step in self.steps if step.doubtful]

    @property
    def created(self) -> int:
        return self.count(Outcome.CREATED)

    @property
    def changed(self) -> int:
        return self.count(Outcome.CHANGED)

    @property
    def fresh(self) -> int:
        """Lines that would write something."""
        return self.created + self.changed

    @property
    def unchanged(self) -> int:
        return self.count(Outcome.UNCHANGED)


def may_import(viewer: Viewer) -> None:
    """NotAllowed unless the viewer is of the team, or a member with an organisation of their own."""
    if not (viewer.is_staff or (viewer.is_member and viewer.organisation)):
        raise NotAllowed("importers")


def upload(viewer: Viewer, upload_id: UUID, now: datetime) -> Upload:
    """An upload of the viewer's own that has not expired; NotFound otherwise."""
    found = uploads(viewer, now).filter(pk=upload_id).first()
    if found is None:
        raise NotFound(str(upload_id))
    return found


def uploads(viewer: Viewer, now: datetime) -> QuerySet[Upload]:
    """The viewer's own uploads, newest first."""
    may_import(viewer)
    return Upload.objects.filter(actor=viewer.actor, expires_at__gt=now).order_by("-created_at")


def agreed() -> list[UUID]:
    """The uploads that somebody agreed to and that are not in yet; for the worker."""
    waiting = Upload.objects.filter(agreed_at__isnull=False, imported_at__isnull=True)
    return list(waiting.order_by("agreed_at").values_list("pk", flat=True))


def directory(viewer: Viewer, now: datetime, decided: Mapping[str, str] | None = None) -> Directory:
    """The own side's organisations that the viewer may see, drafts of their own included."""
    return Directory(map(_entry, records.visible(viewer, now).filter(own=True, kind="organisation")), decided)


def _entry(reading: Reading) -> Entry:
    name = reading.title.get(reading.lang) or next(iter(reading.body["names"].values()))
    return Entry(reading.origin, str(reading.record), name, reading.state, reading.body)


def names_to_offer(viewer: Viewer, now: datetime) -> list[str]:
    """The names that a template offers where an organisation is to be given."""
    readings = records.visible(viewer, now).filter(own=True, kind="organisation")
    if not viewer.is_staff:
        readings = readings.filter(owner=viewer.organisation)
    return sorted(_entry(reading).name for reading in readings)


def source(kind: str) -> str:
    """The name under which the records of a kind's sheets are known (records.models.SourceKey)."""
    return f"sheet:{kind}"


def known(viewer: Viewer, name: str) -> dict[str, UUID]:
    """The record that each key of a source stands for."""
    return {key: row.record_id for key, row in records.from_source(viewer, name).items()}


def plan(
    viewer: Viewer,
    kind: str,
    name: str,
    data: bytes,
    now: datetime,
    decided: Mapping[str, str] | None = None,
) -> Plan:
    """What importing a file would do, line by line; changes nothing. FileRefused, NotAllowed.

    `decided` says who is meant by names that leave a doubt (Directory).
    """
    may_import(viewer)
    if kind not in KINDS:
        raise NotFound(kind)
    among = directory(viewer, now, decided)
    owner = None if viewer.is_staff else among.references.get(str(viewer.organisation))
    givens = Givens(words=words(), refer=among.refer, by=_office(viewer, owner), owner=owner)
    sheet = sheets.understand(files.read(name, data, words().knows), kind, givens)
    organisations = kind == "organisation"
    steps = _steps(viewer, sheet, among, now) if organisations else _owned_steps(viewer, sheet, now)
    return Plan(sheet, steps, list(among.doubts.values()))


def plan_of(viewer: Viewer, upload: Upload, now: datetime, *, anew: bool = False) -> Plan:
    """The plan of an upload with what was decided about its names; `anew`: as if nothing were."""
    decided = {} if anew else upload.decided
    return plan(viewer, upload.kind, upload.name, bytes(upload.data), now, decided)


def _office(viewer: Viewer, owner: dict[str, str] | None) -> str:
    """Whose word it is that a translation was checked: an office, never a person."""
    node = this.node()
    return owner["name"] if owner else node.title[node.language]


def _owned_steps(viewer: Viewer, sheet: Sheet, now: datetime) -> list[Step]:
    for draft in sheet.drafts:
        owner = draft.body.get("organisation", {}).get("id")
        if not draft.problems and not viewer.may_edit(UUID(owner) if owner else None):
            _refuse(sheet, draft, "organisation", "owner-not-yours")
    known = records.from_source(viewer, source(sheet.kind))
    return _possible(_step(sheet, draft, known, now) for draft in sheet.good)


def _steps(viewer: Viewer, sheet: Sheet, among: Directory, now: datetime) -> list[Step]:
    """Organisations: what the sheet's own number does not find is looked up by ROR and name."""
    known = records.from_source(viewer, source("organisation"))
    taken = {row.record_id for row in known.values()}

    def step(draft: Draft) -> Step | None:
        same = None if draft.key in known else among.same(draft.body)
        if isinstance(same, Doubt):
            _refuse(sheet, draft, "names", "organisation-doubtful" if viewer.is_staff else NOT_YOURS)
            return None
        if same and same not in taken and viewer.may_edit(same):
            taken.add(same)
            step = _change(sheet, draft, same, among.states[str(same)], now, adopted=True)
            here = among.references[str(same)]["name"]
            return step and replace(step, known_as="" if here in draft.body["names"].values() else here)
        if draft.key in known or viewer.is_staff:
            return _step(sheet, draft, known, now)
        _refuse(sheet, draft, "names", NOT_YOURS)
        return None

    return _possible(step(draft) for draft in sheet.good)


def _possible(steps: Iterable[Step | None]) -> list[Step]:
    return [step for step in steps if step]


def _step(sheet: Sheet, draft: Draft, known: dict[str, SourceKey], now: datetime) -> Step | None:
    row = known.get(draft.key)
    if row is None and was_erased(source(sheet.kind), draft.key):
        draft.problems.append(Problem(draft.line, sheet.header.places.get(KEY, 0), "record-erased"))
        return None
    if row is None:
        return Step(draft, Outcome.CREATED, doubtful=bool(_doubts(draft, now)))
    if row.digest == digest_of(draft.body):
        return Step(draft, Outcome.UNCHANGED, row.record_id)
    return _change(sheet, draft, row.record_id, row.record.state, now)


def _doubts(draft: Draft, now: datetime) -> Problems:
    """What keeps a line from being published without anybody looking at it."""
    return {**ports.objections(draft.body, now), **lint.warnings(draft.body)}


def _change(
    sheet: Sheet, draft: Draft, record: UUID, state: str, now: datetime, *, adopted: bool = False
) -> Step | None:
    """A change of what is here, unless that is archived, or public and the new text must not be so."""
    doubts = _doubts(draft, now) if state == State.PUBLISHED else {}
    for name, codes in doubts.items():
        _refuse(sheet, draft, name, codes[0])
    if state == State.ARCHIVED:
        draft.problems.append(Problem(draft.line, sheet.header.places.get(KEY, 0), "record-archived"))
    return None if draft.problems else Step(draft, Outcome.CHANGED, record, adopted)


def _refuse(sheet: Sheet, draft: Draft, field: str, code: str) -> None:
    places = (place for c, place in sheet.header.places.items() if c.partition(".")[0] == field)
    draft.problems.append(Problem(draft.line, next(places, 0), code, field_of(sheet.kind, field)))
