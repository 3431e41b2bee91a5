"""Addresses of recovery's pages."""

from django.urls import URLPattern, path

from kakehashi.recovery import views

app_name = "recovery"
urlpatterns: list[URLPattern] = [path("exchange/next-log/", views.next_log, name="next-log")]
