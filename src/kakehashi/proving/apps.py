"""Proving as a Django app."""

from django.apps import AppConfig


class ProvingConfig(AppConfig):
    name = "kakehashi.proving"
    label = "proving"
