"""Addresses of the exchange's pages."""

from django.urls import URLPattern, path

from kakehashi.exchange import views
from kakehashi.exchange.keys import views as keys

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    path("exchange/", views.partners, name="partners"),
    path("exchange/keys/", keys.own, name="own-keys"),
    path("exchange/keys/<str:node>/", keys.partner, name="keys"),
    path("exchange/keys/<str:node>/confirm/", keys.confirm_root, name="confirm-root"),
    path("exchange/recalls/", views.taken_back, name="recalls"),
    path("exchange/<str:hash>/", views.agreement_state, name="agreement-state"),
]
