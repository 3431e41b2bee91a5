"""Records as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "kakehashi.records"
    label = "records"

    def ready(self) -> None:
        from kakehashi.records import people  # tables may be imported only now

        people.plug()
