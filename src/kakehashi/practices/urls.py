"""Addresses of what is said of practices."""

from django.urls import path

from kakehashi.practices import views

app_name = "practices"
urlpatterns = [
    path("practices/<str:origin>/<uuid:record>/", views.for_record, name="for-record"),
    path("practices/<str:origin>/<uuid:record>/<str:says>/", views.say, name="say"),
]
