"""Addresses of the protocol KX/1, outside the languages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
