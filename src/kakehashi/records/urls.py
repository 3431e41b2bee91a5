"""Addresses of records."""

from django.urls import path

from kakehashi.records.views import alike, erasing, listing, organisations, reading, writing

app_name = "records"
urlpatterns = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/alike/", alike.alike, name="alike"),
    path("records/own/", writing.own, name="own"),
    path("records/new/<slug:kind>/", writing.new, name="new"),
    path("records/<slug:kinds>/", listing.listing, name="list"),
    path("records/<str:origin>/<uuid:record>/", reading.record, name="record"),
    path("records/<str:origin>/<uuid:record>/revisions/", reading.revisions, name="revisions"),
    path("records/<str:origin>/<uuid:record>/edit/", writing.edit, name="edit"),
    path("records/<str:origin>/<uuid:record>/level/", writing.level, name="level"),
    path("records/<str:origin>/<uuid:record>/change/", writing.change, name="change"),
    path("records/<str:origin>/<uuid:record>/erase/", erasing.erase, name="erase"),
]
