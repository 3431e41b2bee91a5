"""Addresses of the protocol KX/1, outside the languages."""

from django.urls import URLPattern, path, re_path

from kakehashi.exchange import api

CHANNEL = r"^kx/v1/channels/(?P<name>[a-z0-9.-]{1,253}/kx/[0-9a-f]{16}/[0-9]{1,6})"

urlpatterns: list[URLPattern] = [
    path(".well-known/kx", api.key_set),
    path("kx/v1/agreements/<str:hash>", api.agreement),
    path("kx/v1/agreements/<str:hash>/proofs", api.proofs),
    path("kx/v1/agreements/<str:hash>/termination", api.termination),
    re_path(CHANNEL + r"$", api.channel),
    re_path(CHANNEL + r"/entries$", api.entries),
    re_path(CHANNEL + r"/receipts$", api.receipts),
    re_path(CHANNEL + r"/receipts/latest$", api.latest_receipt),
    re_path(CHANNEL + r"/purge$", api.purge),
]
