"""The home of the bridge: both sides side by side, and what crossed between them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kakehashi.records import queries as records


def home(request: HttpRequest) -> HttpResponse:
    """What is new here and there."""
    new = records.newest(request.viewer, request.now, side=request.GET.get("side", "munich"), limit=5)
    return render(request, "newsroom/home.html", {"new": new})
