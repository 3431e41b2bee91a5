"""New and changed records: the form, the level, the steps of their life, and the desk with all own ones."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kakehashi.records import actions, labels, naming, queries
from kakehashi.records.audience import Audience
from kakehashi.records.forms import START_LEVEL, LevelForm, RecordForm
from kakehashi.records.inputs import Context
from kakehashi.records.kinds import KINDS
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, Record
from kakehashi.records.sentences import say
from kakehashi.records.templatetags.readings import titled
from kakehashi.records.views.alike import seems_here
from kakehashi.text.fold import fold
from kakehashi.ui.languages import reader_language

PER_PAGE = 30
MORE_ROWS = 4


def own(request: Request) -> HttpResponse:
    """All records that the viewer may edit; `?state=`, `?kind=`, `?page=`."""
    if not request.viewer.is_member:
        raise NotAllowed("records.own")
    rows = queries.own_readings(request.viewer, request.now)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in labels.STATES:
        rows = rows.filter(state=state)
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "expiring": queries.expiring(request.viewer, request.now),
        "state": state,
        "kind": kind,
        "states": labels.STATES,
        "kinds": labels.KINDS,
        "new": [
            (code, labels.KIND[code]) for code in KINDS if code != "organisation" or request.viewer.is_staff
        ],
    }
    return render(request, "records/own.html", context)


def new(request: Request, kind: str) -> HttpResponse:
    """A new record of one kind."""
    if kind not in KINDS:
        raise Http404(kind)
    if not request.viewer.is_member or (kind == "organisation" and not request.viewer.is_staff):
        raise NotAllowed("records.create")
    return _write(request, kind, None)


def edit(request: Request, origin: str, record: UUID) -> HttpResponse:
    """The newest revision in the form."""
    own = _own(request, origin, record)
    if own.state == State.ARCHIVED:
        raise Conflict("archived")
    return _write(request, own.kind, own)


def _own(request: Request, origin: str, record: UUID) -> Record:
    if origin != this.node().name:
        raise NotFound(f"{origin}/{record}")
    return queries.own_record(request.viewer, record)


def _write(request: Request, kind: str, own: Record | None) -> HttpResponse:
    stored = queries.latest(request.viewer, own).body if own else None
    data = request.POST if request.method == "POST" else None
    more = data is not None and data.get("do") == "more"
    form = RecordForm(
        data,
        kind=kind,
        stored=stored,
        context=_context(request, stored),
        rows=MORE_ROWS if more else 2,
        auto_id="id_%s",
    )
    level = LevelForm(data, initial=_level(own), agreements=_agreements(request))
    here: list[tuple[Reading, str]] = []
    if data is not None and not more and form.is_valid() & level.is_valid():
        here = [] if own or kind != "organisation" or "another" in data else seems_here(request, form.body)
        saved = None if here else _save(request, form, level, own)
        if saved:
            return redirect("records:record", this.node().name, saved.id)
    if more:
        form.leave_unjudged()
        level.leave_unjudged()
    context = {
        "form": form,
        "level": level,
        "here": here,
        "base": own.revision if own else 0,
        "kind": kind,
        "kind_name": labels.KIND[kind],
        "own": own,
        "directory": sorted({each["name"] for each in form.context.directory.values()}),
        "may_publish": request.viewer.is_staff and (own is None or own.state != State.PUBLISHED),
        "crumbs": [(_("Our records"), reverse("records:own"))],
    }
    return render(request, "records/edit.html", context)


def _save(request: Request, form: RecordForm, level: LevelForm, own: Record | None) -> Record | None:
    """The saved record, or None after saying in the form what stands against it."""
    base = request.POST.get("base", "0")
    try:
        record = actions.save(
            viewer=request.viewer,
            record_id=own.id if own else None,
            base=int(base) if base.isdecimal() and len(base) < 10 else 0,
            body=form.body,
            level={name: level.cleaned_data.get(name) or START[name] for name in START},
            to=State.PUBLISHED if request.POST.get("do") == "publish" else None,
            overrule="overrule" in request.POST,
            now=request.now,
        )
    except InvalidInput as refused:
        form.refuse(refused.problems)
    except Conflict:
        form.add_error(None, MEANWHILE)
    else:
        messages.success(request, _saved_words(record))
        return record
    return None


START: dict[str, Any] = {**START_LEVEL, "named": []}
MEANWHILE = gettext_lazy(
    "Somebody has changed this record since you opened it. Your text stands below:"
    " compare it with the present record, then save again to replace that."
)


def _saved_words(record: Record) -> str:
    if record.state == State.PUBLISHED and record.audience == Audience.PRIVATE:
        return _("Saved and published, for the organisation and the cluster’s team only.")
    if record.state == State.PUBLISHED:
        return _("Saved and published.")
    return _("Saved. Nobody else sees it before it is published.")


def _level(own: Record | None) -> dict[str, Any]:
    if own is None:
        return dict(START)
    return {"audience": own.audience, "tlp": own.tlp, "onward": own.onward, "named": own.named}


def _agreements(request: Request) -> list[tuple[str, Any]]:
    known = naming.agreements(request.viewer, request.now)
    return [(name.lineage, labels.in_reader_language(dict(name.title))) for name in known.values()]


def _context(request: Request, stored: dict[str, Any] | None) -> Context:
    """What the form knows: organisations to choose from, and in whose name translations are checked."""
    viewer, node = request.viewer, this.node()
    every = list(queries.visible(viewer, request.now).filter(kind="organisation").defer("person"))
    mine = [row for row in every if row.own and viewer.may_edit(row.owner)]
    own = {str(row.record): _reference(row) for row in sorted(mine, key=lambda row: fold(_name(row)))}
    office = node.title[node.language] if viewer.is_staff else next(iter(own.values()), {}).get("name", "")
    lang = stored["lang"] if stored else reader_language()
    named = {fold(name): _reference(row) for row in every for name in row.title.values()}
    return Context(lang=lang, lang_before=lang, office=office, own=own, directory=named)


def _reference(row: Reading) -> dict[str, str]:
    reference = {"origin": row.origin, "id": str(row.record), "name": _name(row)}
    return {**reference, "ror": row.body["ror"]} if row.body.get("ror") else reference


def _name(row: Reading) -> str:
    titles: dict[str, str] = row.title
    return titles.get(row.lang) or next(iter(titles.values()))


def level(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Who may see a record, without touching its text."""
    own = _own(request, origin, record)
    form = LevelForm(request.POST or None, initial=_level(own), agreements=_agreements(request))
    if request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data.get(name) or START[name] for name in START}
        actions.set_level(viewer=request.viewer, record_id=own.id, now=request.now, **chosen)
        messages.success(request, _("Who may see this record has been changed."))
        return redirect("records:record", origin, record)
    reading = queries.get(request.viewer, origin, record, request.now)
    back = (titled(reading).text, reverse("records:record", args=[origin, record]))
    context = {
        "form": form,
        "reading": reading,
        "own": own,
        "crumbs": [(_("Our records"), reverse("records:own")), back],
    }
    return render(request, "records/level.html", context)


@require_POST
def change(request: Request, origin: str, record: UUID) -> HttpResponse:
    """One step of a record's life: POST `to` is a state, or "extend"."""
    own = _own(request, origin, record)
    to = request.POST.get("to", "")
    try:
        if to == "extend":
            actions.extend(viewer=request.viewer, record_id=own.id, now=request.now)
        else:
            overrule = "overrule" in request.POST
            actions.move(
                viewer=request.viewer, record_id=own.id, to=_state(to), now=request.now, overrule=overrule
            )
    except InvalidInput as refused:
        for name, codes in refused.problems.items():
            for code in dict.fromkeys(codes):
                messages.error(request, f"{labels.field(name)}: {say(code)}")
    else:
        messages.success(request, DONE.get(to, DONE[""]))
    return redirect("records:record", origin, record)


DONE = {
    "": gettext_lazy("Done."),
    "extend": gettext_lazy("Extended by another year."),
    State.IN_REVIEW: gettext_lazy("Handed in for review."),
    State.PUBLISHED: gettext_lazy("Published."),
    State.ON_HOLD: gettext_lazy("On hold: nobody sees it until you publish it again."),
    State.WITHDRAWN: gettext_lazy("Withdrawn. Partners are asked to remove their copies."),
    State.ARCHIVED: gettext_lazy("Archived."),
    State.DRAFT: gettext_lazy("A draft again."),
}


def _state(code: str) -> State:
    try:
        return State(code)
    except ValueError:
        raise Conflict(code) from None
