"""Saved searches: kept, listed, and ended, also by one click in a mail program (RFC 8058)."""

from dataclasses import fields
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.matching import actions, queries


@login_required
@require_POST
def save(request: Request) -> HttpResponse:
    """The search as it stands in the form, `how`: daily or at once."""
    filters = {f.name: request.POST.get(f.name, "")[:60] for f in fields(queries.Filters)}
    text, daily = request.POST.get("q", ""), request.POST.get("how") != "now"
    try:
        actions.save_search(person=request.user, text=text, filters=filters, daily=daily, now=request.now)
    except InvalidInput:
        messages.error(request, _("Please say first what to look for."))
    except Conflict:
        messages.error(request, _("You have saved as many searches as there may be. End one first."))
    else:
        messages.success(request, _("Saved. You get a mail when something new answers it."))
    return redirect("matching:saved")


@login_required
@require_GET
def saved(request: Request) -> HttpResponse:
    """The own saved searches."""
    rows = [(row, urlencode({"q": row.text, **row.filters})) for row in queries.saved(request.user)]
    return render(request, "matching/saved.html", {"rows": rows})


@csrf_exempt  # mail programs send it; the address itself is the secret
@require_http_methods(["GET", "POST"])
def end(request: Request, token: str) -> HttpResponse:
    """A look asks whether to end it, a form ends it; whoever has the address may, signed in or not."""
    if request.method == "POST":
        actions.end_search(token=token)
        if request.user.is_authenticated and request.POST.get("from") == "list":
            messages.success(request, _("Ended. You get no more mails about this search."))
            return redirect("matching:saved")
    return render(request, "matching/saved_end.html", {"ended": request.method == "POST"})
