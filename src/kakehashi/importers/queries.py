"""Reads of importers: uploads of the person who looks, and what a sheet would do to the records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.importers import files, sheets
from kakehashi.importers.cells import Fault
from kakehashi.importers.columns import KEY
from kakehashi.importers.models import Upload
from kakehashi.importers.sheets import Draft, Givens, Problem, Sheet
from kakehashi.importers.words import words
from kakehashi.records import lint, ports
from kakehashi.records import queries as records
from kakehashi.records.actions import Outcome, digest_of
from kakehashi.records.kinds import KINDS
from kakehashi.records.kinds import field as field_of
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, SourceKey
from kakehashi.records.schema import Problems
from kakehashi.text import names
from kakehashi.text.fold import fold


@dataclass(frozen=True)
class Step:
    """What importing one line would do. `record` is set where it is already here."""

    draft: Draft
    outcome: Outcome
    record: UUID | None = None
    adopted: bool = False  # found by name or ROR: from now on the sheet's line stands for it
    doubtful: bool = False  # may not be published unseen: becomes a draft whatever the level


@dataclass(frozen=True)
class Plan:
    """A sheet and what importing its good lines would do."""

    sheet: Sheet
    steps: list[Step]

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


class Directory:
    """The own side's organisations as people write them: by id, ROR, name, or name without legal form."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.exact: defaultdict[str, set[str]] = defaultdict(set)
        self.loose: defaultdict[str, set[str]] = defaultdict(set)
        self.references: dict[str, dict[str, str]] = {}
        self.states: dict[str, str] = {}
        for reading in readings:
            self._add(reading)

    def _add(self, reading: Reading) -> None:
        own, ror = str(reading.record), reading.body.get("ror", "")
        written = list(reading.body["names"].values())
        name = reading.title.get(reading.lang) or written[0]
        self.states[own] = reading.state
        self.references[own] = {"origin": reading.origin, "id": own, "name": name}
        if ror:
            self.references[own]["ror"] = ror
        for text in (own, *([ror, ror.rsplit("/", 1)[-1]] if ror else []), *written):
            self.exact[fold(text)].add(own)
        for text in written:
            self.loose[names.key(text)].add(own)

    def refer(self, text: str) -> "dict[str, str] | Fault":
        """The reference to the one organisation that `text` means."""
        found = self.exact.get(fold(text)) or self.loose.get(names.key(text)) or set()
        if len(found) != 1:
            return Fault("reference-several" if found else "reference")
        return dict(self.references[next(iter(found))])

    def same(self, body: Mapping[str, Any]) -> UUID | None:
        """The organisation that a body is about: of the same ROR, or of exactly the same name."""
        if ror := body.get("ror"):
            found = self.exact.get(fold(ror), set())
            if len(found) == 1:
                return UUID(next(iter(found)))
        for name in body.get("names", {}).values():
            found = self.exact.get(fold(name), set())
            if len(found) == 1 and not (ror and "ror" in self.references[next(iter(found))]):
                return UUID(next(iter(found)))
        return None


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


def directory(viewer: Viewer, now: datetime) -> Directory:
    """The own side's organisations that the viewer may see, drafts of their own included."""
    return Directory(records.visible(viewer, now).filter(own=True, kind="organisation"))


def names_to_offer(viewer: Viewer, now: datetime) -> list[str]:
    """The names that a template offers where an organisation is to be given."""
    readings = records.visible(viewer, now).filter(own=True, kind="organisation")
    if not viewer.is_staff:
        readings = readings.filter(owner=viewer.organisation)
    return sorted(reference["name"] for reference in Directory(readings).references.values())


def source(kind: str) -> str:
    """The name under which the records of a kind's sheets are known (records.models.SourceKey)."""
    return f"sheet:{kind}"


def known(viewer: Viewer, name: str) -> dict[str, UUID]:
    """The record that each key of a source stands for."""
    return {key: row.record_id for key, row in records.from_source(viewer, name).items()}


def plan(viewer: Viewer, kind: str, name: str, data: bytes, now: datetime) -> Plan:
    """What importing a file would do, line by line; changes nothing. FileRefused, NotAllowed."""
    may_import(viewer)
    if kind not in KINDS:
        raise NotFound(kind)
    among = directory(viewer, now)
    owner = None if viewer.is_staff else among.references.get(str(viewer.organisation))
    givens = Givens(words=words(), refer=among.refer, by=_office(viewer, owner), owner=owner)
    sheet = sheets.understand(files.read(name, data, words().knows), kind, givens)
    organisations = kind == "organisation"
    steps = _steps(viewer, sheet, among, now) if organisations else _owned_steps(viewer, sheet, now)
    return Plan(sheet, steps)


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
        same = among.same(draft.body)
        if draft.key not in known and same and same not in taken and viewer.may_edit(same):
            taken.add(same)
            return _change(sheet, draft, same, among.states[str(same)], now, adopted=True)
        if draft.key in known or viewer.is_staff:
            return _step(sheet, draft, known, now)
        _refuse(sheet, draft, "names", "organisation-not-yours")
        return None

    return _possible(step(draft) for draft in sheet.good)


def _possible(steps: Iterable[Step | None]) -> list[Step]:
    return [step for step in steps if step]


def _step(sheet: Sheet, draft: Draft, known: dict[str, SourceKey], now: datetime) -> Step | None:
    row = known.get(draft.key)
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
    for field, codes in doubts.items():
        _refuse(sheet, draft, field, codes[0])
    if state == State.ARCHIVED:
        draft.problems.append(Problem(draft.line, sheet.header.places.get(KEY, 0), "record-archived"))
    return None if draft.problems else Step(draft, Outcome.CHANGED, record, adopted)


def _refuse(sheet: Sheet, draft: Draft, field: str, code: str) -> None:
    places = (place for c, place in sheet.header.places.items() if c.partition(".")[0] == field)
    draft.problems.append(Problem(draft.line, next(places, 0), code, field_of(sheet.kind, field)))
