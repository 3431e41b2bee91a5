"""Practices as a Django app."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "kakehashi.practices"
    label = "practices"
