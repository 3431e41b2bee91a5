"""Introductions as a Django app."""

from django.apps import AppConfig


class IntroductionsConfig(AppConfig):
    name = "kakehashi.introductions"
    label = "introductions"
