"""The page of the audit, for managers."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.audit import queries

PAGE = 100


class Request(HttpRequest):
    """With the viewer, as far as the audit must know one."""

    viewer: queries.Looker


@login_required
@require_GET
def entries(request: Request) -> HttpResponse:
    """Who did what, newest first; ?q= looks for an object, a person or a kind of action."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.entries(request.viewer, words), PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/entries.html", {"page": page, "words": words})
