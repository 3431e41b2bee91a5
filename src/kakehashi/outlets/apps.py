"""Outlets as a Django app."""

from django.apps import AppConfig


class OutletsConfig(AppConfig):
    name = "kakehashi.outlets"
    label = "outlets"
