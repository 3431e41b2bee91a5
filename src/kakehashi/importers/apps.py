"""Importers as a Django app."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "kakehashi.importers"
    label = "importers"

    def ready(self) -> None:
        from kakehashi.importers import people  # tables may be imported only now

        people.plug()
