"""SME status as a Django app."""

from django.apps import AppConfig


class SmeConfig(AppConfig):
    name = "kakehashi.sme"
    label = "sme"

    def ready(self) -> None:
        from kakehashi.records import ports  # tables are there only now
        from kakehashi.sme import people
        from kakehashi.sme.actions import forget

        people.plug()
        ports.on_erased(forget)
