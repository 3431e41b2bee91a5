"""Addresses of missions."""

from django.urls import path

from kakehashi.missions.views import bringing, notes, pages, planning, sheets

ONE = "missions/<str:origin>/<uuid:mission>/"
TALK = ONE + "talk/<uuid:company>/<str:of>/<uuid:other>/"
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
    path(ONE + "import/", bringing.bring, name="bring"),
    path(ONE + "sheet/<str:of>/<uuid:company>/", sheets.company, name="company"),
    path(ONE + "sheet/<str:of>/<uuid:company>.ics", sheets.company_calendar, name="company-calendar"),
    path(TALK, notes.note, name="note"),
    path(TALK + "introduction/", notes.introduce, name="introduce"),
    path(ONE + "table/<int:number>/", sheets.table, name="table"),
    path(ONE + "table/<int:number>.ics", sheets.table_calendar, name="table-calendar"),
    path(ONE + "talks.<slug:form>", sheets.export, name="export"),
]
