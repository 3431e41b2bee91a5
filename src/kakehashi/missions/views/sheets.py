"""Sheets of a company or a table, to print and as calendar; all talks as calendar or spreadsheet."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kakehashi.accounts.request import Request
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.missions import calendars, queries, shown
from kakehashi.missions.bodies import Held, Key
from kakehashi.missions.calendars import Event
from kakehashi.missions.queries import Mission
from kakehashi.missions.shown import Name
from kakehashi.missions.views.common import context, names, one, where


@login_required
@require_GET
def company(request: Request, origin: str, mission: UUID, of: str, company: UUID) -> HttpResponse:
    """The day of one participant: whom it meets, when, where, with which wishes."""
    seen = one(request, origin, mission)
    part = queries.participant(request.viewer, seen, of, company)
    every = names(request, seen)
    facts = context(
        seen,
        name=every[part.company],
        part=part,
        days=shown.days(seen, seen.talks_of(part.company), every),
        wanted={each.name.key: each for each in shown.wanted(seen, part, every)},
        wanting={each.name.key: each for each in shown.wanted_by(seen, part, every)},
        home=shown.home_zone(seen),
        zone=shown.city_of(seen.programme.zone),
        calendar=where("missions:company-calendar", seen, of, company),
        may_note=seen.may_edit(request.viewer, part),
    )
    return render(request, "missions/company.html", facts)


@login_required
@require_GET
def company_calendar(request: Request, origin: str, mission: UUID, of: str, company: UUID) -> HttpResponse:
    """The same as iCalendar; the summary names the other side first."""
    seen = one(request, origin, mission)
    part = queries.participant(request.viewer, seen, of, company)
    every = names(request, seen)

    def summary(talk: Held) -> str:
        other = talk.guest if talk.host == part.company else talk.host
        return shown.name_of(other, every).text

    return _calendar(seen, seen.talks_of(part.company), every, summary, every[part.company].text)


@login_required
@require_GET
def table(request: Request, origin: str, mission: UUID, number: int) -> HttpResponse:
    """The day at one table, numbered as in the programme."""
    seen, name = _table(request, origin, mission, number)
    talks = [talk for talk in seen.talks if talk.table == name]
    facts = context(
        seen,
        table=name,
        days=shown.days(seen, talks, names(request, seen)),
        zone=shown.city_of(seen.programme.zone),
        calendar=where("missions:table-calendar", seen, number),
    )
    return render(request, "missions/table.html", facts)


@login_required
@require_GET
def table_calendar(request: Request, origin: str, mission: UUID, number: int) -> HttpResponse:
    """The same as iCalendar."""
    seen, name = _table(request, origin, mission, number)
    every = names(request, seen)
    talks = [talk for talk in seen.talks if talk.table == name]
    return _calendar(seen, talks, every, _both(every), name)


@login_required
@require_GET
def export(request: Request, origin: str, mission: UUID, form: str) -> HttpResponse:
    """All talks that the reader may know of, as "ics" or "csv"; what the import reads again."""
    seen = one(request, origin, mission)
    every = names(request, seen)
    if form == "ics":
        return _calendar(seen, seen.talks, every, _both(every), "")
    if form != "csv":
        raise Http404(form)
    zone, length = seen.programme.zone, seen.programme.length
    rows = [
        (
            talk.start.astimezone(zone).date().isoformat(),
            shown.clock(talk.start, zone),
            shown.clock(talk.start + length, zone),
            talk.table,
            shown.name_of(talk.host, every).text,
            shown.name_of(talk.guest, every).text,
            talk.interpreter,
        )
        for talk in seen.talks
    ]
    header = (_("Date"), _("Start"), _("End"), _("Table"), _("Host"), _("Guest"), _("Interpreter"))
    return _file(
        calendars.table(rows, header), "text/csv; charset=utf-8", shown.title(seen.programme).text, "csv"
    )


def _table(request: Request, origin: str, mission: UUID, number: int) -> tuple[Mission, str]:
    if not request.viewer.is_staff:
        raise NotAllowed("missions.tables")
    seen = one(request, origin, mission)
    if not 1 <= number <= len(seen.programme.tables):
        raise NotFound(f"table {number}")
    return seen, seen.programme.tables[number - 1].name


def _both(every: dict[Key, Name]) -> Callable[[Held], str]:
    return lambda talk: f"{shown.name_of(talk.host, every).text} – {shown.name_of(talk.guest, every).text}"


def _calendar(
    of: Mission, talks: Iterable[Held], every: dict[Key, Name], summary: Callable[[Held], str], name: str
) -> HttpResponse:
    planned, programme = of.planned, of.programme
    title = shown.title(programme).text
    place = ", ".join(part for part in (programme.place, programme.city) if part)
    events = [
        Event(
            uid=f"{programme.key[1]}.{talk.host[1][:13]}.{talk.guest[1][:13]}@{programme.key[0]}",
            start=talk.start,
            length=programme.length,
            summary=summary(talk),
            location=", ".join(part for part in (talk.table, place) if part),
            description="\n".join(_about(talk, title)),
            stamp=planned.at,
            sequence=of.readings[planned.record].revision,
        )
        for talk in talks
        if planned is not None and planned.at is not None
    ]
    called = " · ".join(part for part in (title, name) if part)  # a table alone may be called "A"
    data = calendars.calendar(called, events, programme.zone)
    return _file(data, "text/calendar; charset=utf-8", called, "ics")


def _about(talk: Held, title: str) -> list[str]:
    interpreter = [_("Interpreter: %(name)s") % {"name": talk.interpreter}] if talk.interpreter else []
    return [title, *interpreter]


def _file(data: bytes, kind: str, name: str, ending: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    file = f"{slugify(name, allow_unicode=True) or 'kakehashi'}.{ending}"
    response.headers["Content-Disposition"] = content_disposition_header(True, file) or ""
    return response
