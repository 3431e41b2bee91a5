"""Addresses of proofs."""

from django.urls import path

from kakehashi.proving import views

app_name = "proving"
urlpatterns = [path("records/<str:origin>/<uuid:record>/proof/", views.take, name="take")]
