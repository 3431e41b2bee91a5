"""Exchange as a Django app; plugs its logs into the changes of own records and of agreements."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "kakehashi.exchange"
    label = "exchange"

    def ready(self) -> None:
        from kakehashi.agreements import ports as agreements  # models are importable only now
        from kakehashi.exchange import evidence
        from kakehashi.exchange.actions import channels, erasing, narrowing
        from kakehashi.records import ports

        ports.on_record(channels.record_changed)
        ports.on_erased(erasing.record_erased)
        agreements.on_state(narrowing.agreement_changed)
        agreements.plug_evidence(evidence.crossed)
