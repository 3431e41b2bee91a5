"""Addresses of SME status."""

from django.urls import path

from kakehashi.sme import views

app_name = "sme"
ONE = "sme/<str:origin>/<uuid:record>/"
urlpatterns = [
    path(ONE, views.status, name="status"),
    path(ONE + "short/", views.for_organisation, name="for-organisation"),
    path(ONE + "accounts/", views.accounts, name="accounts"),
    path(ONE + "company/", views.company, name="company"),
    path(ONE + "holding/", views.holding, name="holding"),
    path(ONE + "rate/", views.rate, name="rate"),
    path(ONE + "retire/", views.retire, name="retire"),
]
