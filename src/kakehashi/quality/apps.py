"""The quality check as a Django app (its rules hold no tables)."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "kakehashi.quality"
    label = "quality"

    def ready(self) -> None:
        from kakehashi.quality import check, labels  # tables of records may be imported only now
        from kakehashi.records import ports, sentences

        ports.on_publication(check.objections)
        sentences.learn(labels.OBJECTIONS)
