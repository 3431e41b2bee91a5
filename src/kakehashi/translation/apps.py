"""Translation as a Django app (its rules hold no tables yet)."""

from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "kakehashi.translation"
    label = "translation"
