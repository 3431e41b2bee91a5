"""Addresses of agreements and partners."""

from django.urls import path

from kakehashi.agreements.views import partners, reading, signing

app_name = "agreements"
urlpatterns = [
    path("agreements/", reading.front, name="list"),
    path("agreements/all/", reading.overview, name="overview"),
    path("agreements/partners/", partners.partners, name="partners"),
    path("agreements/partners/add/", partners.add, name="partner-add"),
    path("agreements/partners/<str:node>/", partners.partner, name="partner"),
    path("agreements/partners/<str:node>/suspend/", partners.suspend, name="partner-suspend"),
    path("agreements/partners/<str:node>/propose/", signing.propose, name="propose"),
    path("agreements/<slug:prefix>/", reading.detail, name="detail"),
    path("agreements/<slug:prefix>/document.json", reading.document, name="document"),
    path("agreements/<slug:prefix>/sign/", signing.sign, name="sign"),
    path("agreements/<slug:prefix>/amend/", signing.amend, name="amend"),
    path("agreements/<slug:prefix>/end/", signing.end, name="end"),
    path("agreements/<slug:prefix>/withdraw/", signing.withdraw, name="withdraw"),
    path("agreements/<slug:prefix>/suspend/", signing.suspend, name="suspend"),
    path("agreements/<slug:prefix>/retry/", signing.retry, name="retry"),
]
