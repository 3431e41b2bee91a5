"""Addresses of the mirror, beside those of the protocol."""

from django.urls import URLPattern, re_path

from kakehashi.recovery import api

MIRROR = r"^kx/v1/mirror/(?P<name>[a-z0-9.-]{1,253}/kx/[0-9a-f]{16}/[0-9]{1,6})"

urlpatterns: list[URLPattern] = [
    re_path(MIRROR + r"/entries$", api.entries),
    re_path(MIRROR + r"/keysets$", api.keysets),
]
