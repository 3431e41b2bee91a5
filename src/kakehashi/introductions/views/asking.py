"""The way in: a link on the pages of records and matches, and the form with the three questions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, InvalidInput, NotFound
from kakehashi.introductions import actions, queries
from kakehashi.introductions.forms import AskForm
from kakehashi.matching import queries as matching
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import address, titled
from kakehashi.ui.languages import reader_language


@require_GET
def for_record(request: Request, origin: str, record: UUID) -> HttpResponse:
    """The part of a record's page that begins an introduction, or shows those under way; mostly empty."""
    try:
        target = records.get(request.viewer, origin, record, request.now)
    except NotFound:
        if request.htmx:  # taken back since the page was opened
            return HttpResponse(status=204)
        raise
    return _part(request, target)


@require_GET
def from_match(request: Request, key: int) -> HttpResponse:
    """The same for the page of a match: about the partner's record."""
    return _part(request, matching.match(request.viewer, key, request.now).other)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: Request, origin: str, record: UUID) -> HttpResponse:
    """The three questions about a partner's record."""
    target = records.get(request.viewer, origin, record, request.now)
    if not queries.may_ask(request.viewer, target, request.now):
        raise NotFound(f"introduction to {origin}/{record}")
    initial = {"name": request.user.name, "email": request.user.email}
    form = AskForm(request.POST or None, initial=initial, organisations=own_organisations(request))
    if request.method == "POST" and form.is_valid():
        try:
            key = actions.ask(
                viewer=request.viewer,
                origin=origin,
                record_id=record,
                asked=form.asked(reader_language()),
                contact=form.contact,
                organisation=form.cleaned_data.get("organisation") or _only(request),
                now=request.now,
            )
        except InvalidInput as refused:
            form.refuse(refused.problems)
        except Conflict:
            form.add_error(None, _("Your organisation is asking about this record already."))
        else:
            messages.success(
                request, _("Your question is with your cluster, which checks it and passes it on.")
            )
            return redirect("introductions:thread", this.node().name, key)
    crumbs = [(titled(target).text, address(target))]
    return render(request, "introductions/ask.html", {"form": form, "target": target, "crumbs": crumbs})


def _part(request: Request, target: Reading) -> HttpResponse:
    found = queries.about(request.viewer, target.origin, target.record, request.now)
    may = queries.may_ask(request.viewer, target, request.now)
    under_way = [each for each in found if not each.state.closed]
    facts: dict[str, Any] = {
        "target": target,
        "found": found,
        "may_ask": may and (request.viewer.is_manager or not under_way),
        "crumbs": [(titled(target).text, address(target))],
    }
    part = "_for_record" if request.htmx else "for_record"
    return render(request, f"introductions/{part}.html", facts)


def own_organisations(request: Request) -> list[tuple[str, str]]:
    """Those that a manager may speak for; a member has one."""
    if not request.viewer.is_manager:
        return []
    rows = records.organisations(request.viewer, request.now).filter(own=True)
    return sorted(((str(row.record), titled(row).text) for row in rows), key=lambda row: row[1].casefold())


def _only(request: Request) -> UUID | None:
    """A manager of a cluster with a single organisation is not asked which."""
    if not request.viewer.is_manager:
        return None
    every = own_organisations(request)
    return UUID(every[0][0]) if every else None
