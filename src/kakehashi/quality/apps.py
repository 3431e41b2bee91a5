"""The quality check as a Django app (its rules hold no tables)."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "kakehashi.quality"
    label = "quality"
