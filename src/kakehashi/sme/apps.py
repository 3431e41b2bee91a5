"""SME status as a Django app."""

from django.apps import AppConfig


class SmeConfig(AppConfig):
    name = "kakehashi.sme"
    label = "sme"

    def ready(self) -> None:
        from kakehashi.sme import people  # tables are there only now

        people.plug()
