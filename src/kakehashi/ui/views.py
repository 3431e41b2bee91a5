"""Pages that belong to no feature: the way to a language, errors, health."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kakehashi import clock


def choose_language(request: HttpRequest) -> HttpResponse:
    """`/` leads to the language of the cookie, then of the browser."""
    response = redirect(f"/{translation.get_language_from_request(request)}/")
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check against forged forms refused one (CSRF_FAILURE_VIEW)."""
    return render(request, "ui/form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor context processors: either may be what broke."""
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        page = render_to_string("ui/500.html", {"lang": language, "now": clock.now()})
    return HttpResponse(page, status=500)
