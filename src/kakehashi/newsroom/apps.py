"""Newsroom as a Django app."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "kakehashi.newsroom"
    label = "newsroom"
