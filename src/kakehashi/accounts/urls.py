"""Addresses of accounts; sign-in itself stands below account/ (django-allauth)."""

from django.urls import path

from kakehashi.accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/", views.own_settings, name="settings"),
    path("settings/my-data.json", views.own_data, name="own-data"),
    path("settings/leave/", views.leave, name="leave"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/active/", views.set_active, name="set-active"),
    path("people/<int:person_id>/link/", views.send_link, name="send-link"),
]
