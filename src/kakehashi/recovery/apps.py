"""Recovery as a Django app: it has pages, and no tables."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "kakehashi.recovery"
    label = "recovery"
