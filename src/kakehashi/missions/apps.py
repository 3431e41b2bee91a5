"""Missions as a Django app."""

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "kakehashi.missions"
    label = "missions"
