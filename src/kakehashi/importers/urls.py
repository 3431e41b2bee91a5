"""Addresses of importers."""

from django.urls import path

from kakehashi.importers import views

app_name = "importers"
urlpatterns = [
    path("import/", views.index, name="index"),
    path("import/template/<slug:kind>.<slug:form>", views.blank, name="blank"),
    path("import/<uuid:upload_id>/", views.upload, name="upload"),
    path("import/<uuid:upload_id>/decide/", views.decide, name="decide"),
    path("import/<uuid:upload_id>/confirm/", views.confirm, name="confirm"),
    path("import/<uuid:upload_id>/forget/", views.forget, name="forget"),
]
