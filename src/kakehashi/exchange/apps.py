"""Exchange as a Django app; plugs its logs into the changes of own records."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "kakehashi.exchange"
    label = "exchange"

    def ready(self) -> None:
        from kakehashi.exchange.actions import channels, erasing  # models are importable only now
        from kakehashi.records import ports

        ports.on_record(channels.record_changed)
        ports.on_erased(erasing.record_erased)
