"""One record to be read, and for its editors what became of it."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import NotFound
from kakehashi.records import differences, labels, lifecycle, lint, naming, queries
from kakehashi.records.facts import facts, sections
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, Record
from kakehashi.records.slugs import listing_address
from kakehashi.records.templatetags.readings import titled
from kakehashi.ui.languages import reader_language

MANY = 30  # records of one organisation shown on its page


def record(request: Request, origin: str, record: UUID) -> HttpResponse:
    """One record of any kind."""
    reading = queries.get(request.viewer, origin, record, request.now)
    return render(request, "records/record.html", page_of(request, reading))


def page_of(request: Request, reading: Reading) -> dict[str, Any]:
    """All that the page of one reading shows."""
    viewer, now, lang = request.viewer, request.now, reader_language()
    named = [UUID(each["id"]) for each in reading.body.get("organisations", [])]
    known = queries.by_id(viewer, now, [*named, *([reading.owner] if reading.owner else [])])
    side = naming.side(reading.side)
    passages = list(queries.passages(viewer, reading))
    return {
        "reading": reading,
        "side": side,
        "owner": known.get(reading.owner) if reading.owner and reading.kind != "organisation" else None,
        "what": _what(reading),
        "sections": sections(reading.body, lang),
        "facts": facts(reading.body, lang, known),
        "passages": passages,
        "agreements": naming.agreements(viewer, now) if passages else {},
        "expires_soon": bool(reading.expires_at and lifecycle.notice_due(reading.expires_at, now)),
        "of_organisation": _records_of(request, reading),
        "same_as": queries.same_as(viewer, now, reading.record) if reading.kind == "organisation" else [],
        "desk": _desk(request, reading),
        "crumbs": _crumbs(reading, side),
    }


def _what(reading: Reading) -> Any:
    """The most telling word for it: its profile type, its event, its type of organisation, else its kind."""
    body = reading.body
    named = labels.EEN_TYPES.get(body.get("een_type", "")) or labels.EVENTS.get(reading.event)
    return named or labels.ORGANISATION_TYPES.get(body.get("type", "")) or labels.KIND[reading.kind]


def _crumbs(reading: Reading, side: naming.Side) -> list[tuple[Any, str]]:
    """The bridge, then the list of this kind and side."""
    listed = labels.named(labels.KINDS[reading.kind], side.called(reader_language()))
    return [(_("Bridge"), reverse("home")), (listed, listing_address(reading.kind, reading.side))]


def _records_of(request: Request, reading: Reading) -> list[Reading]:
    if reading.kind != "organisation":
        return []
    return queries.of_organisation(request.viewer, request.now, reading.record)[:MANY]


def _desk(request: Request, reading: Reading) -> dict[str, Any] | None:
    """What those who may edit see beside the page; None for everybody else."""
    if not reading.own or not request.viewer.may_edit(reading.owner):
        return None
    own = queries.own_record(request.viewer, reading.record)
    steps = {
        to
        for to in lifecycle.NEXT[State(own.state)]
        if lifecycle.may_take(own.state, to, is_staff=request.viewer.is_staff)
    } - {State.EXPIRED}
    return {
        "record": own,
        "steps": {step.value for step in steps},
        "may_extend": lifecycle.may_extend(own.state, own.expires_at, extended=own.extended),
        "doubts": [labels.field(name) for name in lint.warnings(reading.body)],
        "agreements": _agreements(request, own, request.now),
    }


def _agreements(request: Request, own: Record, now: datetime) -> list[naming.AgreementName]:
    if not own.named:
        return []
    known = naming.agreements(request.viewer, now)
    return [known[lineage] for lineage in own.named if lineage in known]


def revisions(request: Request, origin: str, record: UUID) -> HttpResponse:
    """All wordings of an own record, each with what changed against the one before."""
    if origin != this.node().name:
        raise NotFound(origin)
    own = queries.own_record(request.viewer, record)
    rows = list(queries.revisions(request.viewer, own))
    changed = [(new, differences.changes(old.body, new.body)) for new, old in pairwise(rows)]
    reading = queries.get(request.viewer, origin, record, request.now)
    context = {
        "reading": reading,
        "changed": changed,
        "first": rows[-1],
        "names": labels.FIELDS,
        "languages_of_texts": labels.LANGUAGES,
        "origins": labels.ORIGINS,
        "crumbs": [
            *_crumbs(reading, naming.side(reading.side)),
            (titled(reading).text, reverse("records:record", args=[origin, record])),
        ],
    }
    return render(request, "records/revisions.html", context)
