"""Addresses of the feeds and of the page about them; the harvester's stands outside the languages."""

from django.urls import path

from kakehashi.outlets.views import about, feeds

app_name = "outlets"
urlpatterns = [
    path("feeds/", about.about, name="about"),
    path("feeds/atom.xml", feeds.atom, name="atom"),
    path("feeds/feed.json", feeds.json, name="json"),
]
