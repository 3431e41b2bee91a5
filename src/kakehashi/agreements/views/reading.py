"""Agreements to be read: the way to the one in force, the overview, one agreement, its document."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.agreements import page as pages
from kakehashi.agreements import queries, terms
from kakehashi.agreements.models import Agreement
from kakehashi.signing import canonical
from kakehashi.ui.languages import reader_language


def front(request: Request) -> HttpResponse:
    """The agreement in force, if there is just one; else all."""
    running = queries.running(request.viewer, request.now)
    if len(running) == 1:
        return redirect("agreements:detail", queries.short(running[0]["hash"]))
    return overview(request)


def overview(request: Request) -> HttpResponse:
    """All agreements that the viewer may know of; for the team also the partners."""
    rows = [(row, queries.standing(row)) for row in queries.agreements(request.viewer)]
    partners = queries.partners(request.viewer) if request.viewer.is_staff else []
    return render(request, "agreements/overview.html", {"rows": rows, "partners": partners})


def detail(request: Request, prefix: str) -> HttpResponse:
    """One agreement like a document, with the evidence in its margin."""
    agreement = queries.get(request.viewer, prefix)
    page = page_of(request, agreement)
    context = {
        "agreement": agreement,
        "page": page,
        "reminder": request.viewer.is_staff and page.in_force and page.days_left <= terms.REMINDER_DAYS[0],
        "proofs": {proof.node: proof for proof in queries.proofs(request.viewer, agreement)},
        "terminations": queries.terminations(request.viewer, agreement),
        "may_withdraw": queries.may_withdraw(agreement, this.node().name),
        "deliveries": queries.open_deliveries(request.viewer, agreement),
        "crumbs": [(_("All agreements"), reverse("agreements:overview"))],
    }
    return render(request, "agreements/detail.html", context)


def document(request: Request, prefix: str) -> HttpResponse:
    """The canonical bytes: what is signed, or with `?signed` the document with its proofs."""
    agreement = queries.get(request.viewer, prefix)
    signed = "signed" in request.GET
    data = canonical.encode(queries.signed_document(agreement) if signed else agreement.document)
    name = f"agreement-{queries.short(agreement.hash)}{'-signed' if signed else ''}.json"
    return download(data, name)


def download(data: bytes, name: str) -> HttpResponse:
    """A JSON file to keep."""
    response = HttpResponse(data, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def page_of(request: Request, agreement: Agreement) -> pages.Page:
    """What the page shows of one agreement."""
    standing = queries.standing(agreement)
    return pages.page(
        standing,
        queries.of_lineage(request.viewer, agreement.lineage),
        queries.evidence(request.viewer, standing, request.now),
        own=this.node().name,
        language=reader_language(),
        now=request.now,
    )
