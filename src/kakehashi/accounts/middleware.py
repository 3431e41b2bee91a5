"""Puts the viewer and the one reading of the clock on each request."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kakehashi import clock
from kakehashi.accounts.models import User
from kakehashi.accounts.request import Request
from kakehashi.accounts.viewer import PUBLIC, Role, Viewer


def viewer_of(user: object) -> Viewer:
    """The viewer for a signed-in person, or the public."""
    if not isinstance(user, User):  # AnonymousUser
        return PUBLIC
    return Viewer(role=Role(user.role), organisation=user.organisation, actor=user.email)


class ViewerMiddleware:
    """`request.viewer` (read when first used) and `request.now`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.now = clock.now()
        request.viewer = cast(Viewer, SimpleLazyObject(lambda: viewer_of(request.user)))
        return self.get_response(request)
