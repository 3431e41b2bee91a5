"""Addresses of missions."""

from django.urls import path

from kakehashi.missions.views import pages, planning

ONE = "missions/<str:origin>/<uuid:mission>/"
app_name = "missions"
urlpatterns = [
    path("missions/", pages.index, name="index"),
    path("missions/new/", planning.new, name="new"),
    path(ONE, pages.mission, name="mission"),
    path(ONE + "edit/", planning.edit, name="edit"),
    path(ONE + "join/", pages.join, name="join"),
    path(ONE + "wishes/<uuid:company>/", pages.wishes, name="wishes"),
    path(ONE + "leave/<uuid:company>/", pages.leave, name="leave"),
    path(ONE + "schedule/", planning.schedule, name="schedule"),
    path(ONE + "talk/", planning.talk, name="talk"),
]
