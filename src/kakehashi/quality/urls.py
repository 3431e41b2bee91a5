"""Addresses of the quality check."""

from django.urls import path

from kakehashi.quality import views

app_name = "quality"
urlpatterns = [
    path("quality/<str:origin>/<uuid:record>/", views.for_record, name="for-record"),
]
