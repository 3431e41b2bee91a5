"""While the data are damaged, nothing is written, and nothing is served to partners."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kakehashi import this
from kakehashi.exchange import outside
from kakehashi.exchange.problems import problem

READS = ("GET", "HEAD", "OPTIONS")


class ReadOnlyWhenDamaged:
    """What the last check found stands in a file; it is gone when a check finds nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        to_partner = request.path_info.startswith("/kx/")
        if (to_partner or request.method not in READS) and outside.damage(this.node().folder):
            return problem("origin-recovering") if to_partner else render(request, "ui/503.html", status=503)
        return self.get_response(request)
