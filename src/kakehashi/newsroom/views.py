"""The home of the bridge: both sides side by side, and what crossed between them."""

from django.http import HttpResponse
from django.shortcuts import render

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.newsroom.queries import best, desk, front
from kakehashi.records import naming


def home(request: Request) -> HttpResponse:
    """What is new here and there, what has crossed, how the agreement stands, and who fits together."""
    context = {
        "front": front(request.viewer, this.node(), request.now),
        "desk": desk(request.viewer, this.node(), request.now),
        "best": best(request.viewer, request.now),
        "sides": naming.sides(),
    }
    return render(request, "newsroom/home.html", context)


def best_matches(request: Request) -> HttpResponse:
    """The best matches alone, fetched again and again while they are computed."""
    context = {"best": best(request.viewer, request.now), "sides": naming.sides()}
    return render(request, "newsroom/_best.html", context)
