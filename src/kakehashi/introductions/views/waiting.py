"""How many introductions wait for the person who looks: a part of the front page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from kakehashi.accounts.request import Request
from kakehashi.errors import NotAllowed
from kakehashi.introductions import queries


@login_required
@require_GET
def waiting(request: Request) -> HttpResponse:
    """Fetched after the page, so that this does not wait for all introductions; alone it is the board."""
    if not queries.has_a_part(request.viewer):
        raise NotAllowed("introductions.waiting")
    if not request.htmx:
        return redirect("introductions:board")
    number = len(queries.board(request.viewer, request.now)["me"])
    return render(request, "introductions/_waiting.html", {"number": number})
