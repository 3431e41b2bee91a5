"""The glossary for curators: found, changed after a look at what that alters, retired, undone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.accounts import queries as accounts
from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, NotFound
from kakehashi.matching import actions, queries
from kakehashi.matching.concepts import LANGUAGES, Concept
from kakehashi.matching.forms import ConceptForm, initial
from kakehashi.matching.models import TermChange
from kakehashi.matching.queries.glossary import changes, concept, curates, glossary
from kakehashi.records import naming
from kakehashi.records.topics import TOPICS
from kakehashi.text.fold import fold
from kakehashi.ui.languages import reader_language

PER_PAGE = 40
HISTORY = 30


def terms(request: Request) -> HttpResponse:
    """All concepts, `?q=` part of any of their terms, and what was changed last."""
    curates(request.viewer)
    words = request.GET.get("q", "")[:100]
    lang = reader_language()
    wanted = fold(words)
    every = glossary().concepts.values()
    found = [
        c for c in every if not wanted or any(wanted in fold(t) for one in LANGUAGES for t in c.terms(one))
    ]
    found.sort(key=lambda c: (fold(c.names[lang]) != wanted, fold(c.names[lang])))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(c, TOPICS.get(c.topic, {}).get(lang, c.topic)) for c in page]
    history = _history(changes(request.viewer)[:8])
    proposals = [(each, naming.side(each.side)) for each in queries.proposals(request.viewer, request.now)]
    context = {"page": page, "rows": rows, "words": words, "history": history, "proposals": proposals}
    return render(request, "matching/terms.html", context)


@require_http_methods(["GET", "POST"])
def term(request: Request, slug: str = "") -> HttpResponse:
    """One concept, or a new one. `step=save` saves; anything else shows first what would change."""
    viewer = request.viewer
    curates(viewer)
    present = concept(viewer, slug) if slug else None
    form = ConceptForm(request.POST or None, initial=initial(present) if present else {})
    context: dict[str, Any] = {
        "form": form,
        "concept": present,
        "crumbs": [(_("Glossary"), reverse("matching:terms"))],
    }
    if present:
        context["history"] = _history(changes(viewer, slug)[:HISTORY])
    if request.method == "POST" and form.is_valid():
        entered = form.concept(slug)
        if not slug and (not entered.id or entered.id in glossary().concepts):
            form.add_error("en", _("There is a concept of this name already."))
        elif answer := _saved(request, entered, form.cleaned_data["why"]):
            return answer
        else:
            retires = request.POST.get("step") == "retire"
            changed = None if retires else entered
            context["preview"] = queries.preview(viewer, entered.id, changed, request.now)
            context["retires"] = retires
    return render(request, "matching/term.html", context)


@require_http_methods(["GET", "POST"])
def proposal(request: Request, origin: str, record: UUID) -> HttpResponse:
    """A partner's change: what it would alter here; taken over as it is or mended, or declined."""
    viewer = request.viewer
    found = queries.proposal(viewer, origin, record, request.now)
    step = request.POST.get("step")
    if step == "decline":
        actions.answer_proposal(viewer=viewer, proposal=found, take=None, now=request.now)
        messages.success(request, _("Declined. The glossary stays as it is."))
        return redirect("matching:terms")
    form = ConceptForm(request.POST or None, initial={**initial(found.concept), "why": found.why})
    entered = found.concept
    if request.method == "POST" and form.is_valid():
        entered = found.concept if found.retires else form.concept(found.concept.id)
        if step in ("save", "retire-now"):
            actions.answer_proposal(viewer=viewer, proposal=found, take=entered, now=request.now)
            messages.success(request, _("Saved. Records and matches follow within seconds."))
            return redirect("matching:terms")
    context = {
        "form": form,
        "concept": found.concept,
        "proposal": found,
        "side": naming.side(found.side),
        "differences": _differences(found.present, entered),
        "preview": queries.preview(viewer, found.concept.id, None if found.retires else entered, request.now),
        "retires": found.retires,
        "crumbs": [(_("Glossary"), reverse("matching:terms"))],
    }
    return render(request, "matching/term.html", context)


def _differences(present: Concept | None, entered: Concept) -> list[tuple[str, str, str, str]]:
    """(what, language, as it is here, as it would be) of all that is not the same."""
    before, after = initial(present) if present else {}, initial(entered)
    return [
        (str(field.label), name[:2] if name[:2] in LANGUAGES else "", before.get(name, ""), after[name])
        for name, field in ConceptForm.base_fields.items()
        if name in after and name != "topic" and before.get(name, "") != after[name]
    ]


@require_POST
def undo(request: Request, change: int) -> HttpResponse:
    """Put back what stood before."""
    try:
        row = actions.undo_term(viewer=request.viewer, change=change, why=_("Undone"), now=request.now)
    except Conflict:
        messages.error(request, _("This concept was changed again since. Undo the later change first."))
        return redirect("matching:terms")
    messages.success(request, _("Undone. Records and matches follow within seconds."))
    return redirect("matching:term", row.concept) if row.content else redirect("matching:terms")


def _saved(request: Request, entered: Concept, why: str) -> HttpResponse | None:
    """The answer to a step that saves; None for one that asks first."""
    step = request.POST.get("step")
    if step == "save":
        actions.change_term(viewer=request.viewer, concept=entered, why=why, now=request.now)
    elif step == "retire-now":
        if entered.id not in glossary().concepts:
            raise NotFound(f"concept {entered.id}")
        actions.retire_term(viewer=request.viewer, key=entered.id, why=why, now=request.now)
    else:
        return None
    messages.success(request, _("Saved. Records and matches follow within seconds."))
    return redirect("matching:terms") if step == "retire-now" else redirect("matching:term", entered.id)


def _history(rows: Any) -> list[tuple[TermChange, str, str]]:
    """(change, who made it, the concept's name as it was or is)."""
    every = list(rows)
    names = accounts.names(row.by for row in every) if every else {}
    lang = reader_language()
    return [(row, names.get(row.by, row.by), (row.content or row.before)["names"][lang]) for row in every]
