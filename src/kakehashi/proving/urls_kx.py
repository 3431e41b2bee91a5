"""Addresses of the log's tiles, below the channel that they belong to."""

from django.urls import URLPattern, re_path

from kakehashi.exchange.urls_kx import CHANNEL
from kakehashi.proving import api

_TILE = r"(?P<n>(?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?$"

urlpatterns: list[URLPattern] = [
    re_path(CHANNEL + r"/tlog/checkpoint$", api.checkpoint),
    re_path(CHANNEL + r"/tlog/tile/(?P<level>0|[1-9][0-9]?)/" + _TILE, api.tile),
    re_path(CHANNEL + r"/tlog/tile/entries/" + _TILE, api.entries),
]
