"""UI as a Django app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kakehashi.ui"
    label = "ui"
