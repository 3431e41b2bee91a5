"""Agreements as a Django app."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "kakehashi.agreements"
    label = "agreements"

    def ready(self) -> None:
        from kakehashi.agreements import naming  # imports tables, which exist only now
        from kakehashi.records import naming as records

        records.on_partners(naming.partners)
        records.on_agreements(naming.agreements)
