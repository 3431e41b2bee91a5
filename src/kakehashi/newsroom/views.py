"""The home of the bridge: both sides side by side, and what crossed between them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kakehashi import this
from kakehashi.newsroom.queries import front


def home(request: HttpRequest) -> HttpResponse:
    """What is new here and there, what has crossed, how the agreement stands, and who fits together."""
    return render(request, "newsroom/home.html", {"front": front(request.viewer, this.node(), request.now)})
