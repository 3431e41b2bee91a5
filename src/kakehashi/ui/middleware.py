"""Around every request: the language kept in the node's own cookie, and errors said in words."""

import errno
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_path

from kakehashi.errors import Conflict, KakehashiError, NotAllowed, NotFound, Recovering

YEAR = 365 * 24 * 3600


class KeepLanguage:
    """Sets the language cookie when the address names another language than it does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        language = get_language_from_path(request.path_info)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")  # a feed keeps no cookie
        if is_page and language and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=YEAR,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response


def disk_is_full(error: Exception) -> bool:
    """True for SQLite's, PostgreSQL's and the operating system's way of saying so."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return isinstance(error, OperationalError) and any(
        words in str(error) for words in ("disk is full", "No space left on device")
    )


class ErrorPages:
    """Errors of ours that a view lets pass become pages with the right status."""

    PAGES = ((NotFound, 404), (NotAllowed, 403), (Conflict, 409), (Recovering, 503))

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if disk_is_full(error):
            return render(request, "ui/507.html", status=507)
        if not isinstance(error, KakehashiError):
            return None
        for kind, status in self.PAGES:
            if isinstance(error, kind):
                return render(request, f"ui/{status}.html", status=status)
        return None
