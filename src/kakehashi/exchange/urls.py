"""Addresses of the exchange's pages."""

from django.urls import URLPattern, path

from kakehashi.exchange import views

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    path("exchange/", views.partners, name="partners"),
    path("exchange/<str:hash>/", views.agreement_state, name="agreement-state"),
]
