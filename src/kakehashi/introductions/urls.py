"""Addresses of introductions; one is named by the asker's node and the record of the interest."""

from django.urls import path

from kakehashi.introductions import views

app_name = "introductions"
urlpatterns = [
    path("introductions/", views.board, name="board"),
    path("introductions/waiting/", views.waiting, name="waiting"),
    path("introductions/disclosures/", views.disclosures, name="disclosures"),
    path("introductions/match/<int:key>/", views.from_match, name="from-match"),
    path("introductions/about/<str:origin>/<uuid:record>/", views.for_record, name="for-record"),
    path("introductions/about/<str:origin>/<uuid:record>/ask/", views.ask, name="ask"),
    path("introductions/<str:asker>/<uuid:interest>/", views.thread, name="thread"),
    path("introductions/<str:asker>/<uuid:interest>/<uuid:meeting>.ics", views.invitation, name="invitation"),
    path(
        "introductions/<str:asker>/<uuid:interest>/words/<str:origin>/<uuid:record>/<str:member>/",
        views.wording,
        name="wording",
    ),
]
