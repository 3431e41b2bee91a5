"""Puts the viewer and the one reading of the clock on each request."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kakehashi import clock
from kakehashi.accounts.queries import viewer_of
from kakehashi.accounts.request import Request
from kakehashi.accounts.viewer import Viewer


class ViewerMiddleware:
    """`request.viewer` (read when first used) and `request.now`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.now = clock.now()
        request.viewer = cast(Viewer, SimpleLazyObject(lambda: viewer_of(request.user)))
        return self.get_response(request)
