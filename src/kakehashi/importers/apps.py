"""Importers as a Django app."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "kakehashi.importers"
    label = "importers"
