"""Addresses of matching."""

from django.urls import path

from kakehashi.matching.views import search

app_name = "matching"
urlpatterns = [
    path("search/", search.search, name="search"),
]
