"""Addresses of the newsroom."""

from django.urls import path

from kakehashi.newsroom import views

urlpatterns = [path("", views.home, name="home"), path("best/", views.best_matches, name="best")]
