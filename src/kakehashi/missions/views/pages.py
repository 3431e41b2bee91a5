"""Missions, one mission, taking part, wishes."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import InvalidInput
from kakehashi.missions import actions, queries, shown
from kakehashi.missions.bodies import Key, Participant
from kakehashi.missions.forms import PartForm, WishForm, part_written
from kakehashi.missions.queries import Mission
from kakehashi.missions.views.common import context, names, one, where
from kakehashi.ui.languages import reader_language


@require_GET
def index(request: Request) -> HttpResponse:
    """All missions, the next one first."""
    found = queries.missions(request.viewer, request.now)
    lines = [
        (each, shown.title(each), shown.day_text(each.days[0].start.astimezone(each.zone).date()))
        for each in found
    ]
    facts = {
        "ahead": [line for line in lines if line[0].ends >= request.now],
        "over": [line for line in lines if line[0].ends < request.now],
    }
    return render(request, "missions/index.html", facts)


@login_required
@require_GET
def mission(request: Request, origin: str, mission: UUID) -> HttpResponse:
    """Both sides, programme, participants, and the schedule as far as it concerns the reader."""
    of = one(request, origin, mission)
    every = names(request, of)
    sides = [
        [
            _participant(request, of, each, every)
            for each in of.participants
            if (each.company[0] == origin) == host
        ]
        for host in (True, False)
    ]
    facts = context(
        of,
        below=False,
        sides=sides,
        agenda=shown.agenda(of),
        host=every[of.programme.host],
        zone=shown.city_of(of.programme.zone),
        days=shown.days(of, of.talks, every),
        tally=shown.tally(of) if of.is_staff else None,
        computation=queries.computation(request.viewer, of),
        conflicts=len({each.talk for each in of.conflicts}) if of.is_staff else 0,
        changed=_changed(of) and of.programme.ends > request.now,  # afterwards only notes are written
        home=shown.home_zone(of),
        may_join=bool(queries.organisations(request.viewer, request.now)),
    )
    return render(request, "missions/mission.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
def join(request: Request, origin: str, mission: UUID) -> HttpResponse:
    """Enter an own organisation, or change its languages and times (?organisation=)."""
    of = one(request, origin, mission)
    own = queries.organisations(request.viewer, request.now)
    chosen = request.GET.get("organisation", "")
    known = next((each for each in of.participants if each.company[1] == chosen), None)
    initial = part_written(known, of.programme.zone) if known else {"organisation": chosen}
    form = PartForm(request.POST or None, own=own, zone=of.programme.zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        organisation = form.chosen
        actions.take_part(
            viewer=request.viewer, mission=of, organisation=organisation, facts=form.facts(), now=request.now
        )
        return redirect(where("missions:wishes", of, organisation["id"]))
    if not own:
        return redirect(where("missions:mission", of))
    return render(request, "missions/join.html", context(of, form=form, known=known, own=own))


@login_required
@require_http_methods(["GET", "POST"])
def wishes(request: Request, origin: str, mission: UUID, company: UUID) -> HttpResponse:
    """Whom an own organisation wants to meet, and why."""
    of = one(request, origin, mission)
    part = queries.editable(request.viewer, of, this.node().name, company)
    every = names(request, of)
    form = WishForm(request.POST or None, one=part, others=of.others(part), lang=reader_language())
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(viewer=request.viewer, mission=of, one=part, now=request.now, wishes=form.rows())
        except InvalidInput:
            form.add_error(None, _("Leave out addresses and telephone numbers: wishes cross to the partner."))
        else:
            messages.success(request, _("The wishes are saved and on their way to the partner."))
            return redirect(where("missions:mission", of))
    found = queries.suggestions(request.viewer, of, part, request.now)
    wanting = {each.name.key: each for each in shown.wanted_by(of, part, every)}
    order = list(found)
    lines = [
        (
            every[other.company],
            form[f"priority-{n}"],
            form[f"why-{n}"],
            found.get(other.company),
            wanting.get(other.company),
        )
        for n, other in enumerate(form.others)
    ]
    lines.sort(key=lambda line: order.index(line[0].key) if line[0].key in order else len(order))
    return render(
        request,
        "missions/wishes.html",
        context(of, form=form, part=part, name=every[part.company], lines=lines),
    )


@login_required
@require_POST
def leave(request: Request, origin: str, mission: UUID, company: UUID) -> HttpResponse:
    """Take an own organisation out."""
    of = one(request, origin, mission)
    part = queries.editable(request.viewer, of, this.node().name, company)
    actions.leave(viewer=request.viewer, mission=of, one=part, now=request.now)
    messages.success(request, _("The organisation no longer takes part."))
    return redirect(where("missions:mission", of))


def _participant(
    request: Request, of: Mission, each: Participant, every: dict[Key, shown.Name]
) -> tuple[shown.Name, Participant, bool, int]:
    """Its name, its part, whether the reader may write it, how many talks of it the reader knows."""
    return every[each.company], each, of.may_edit(request.viewer, each), len(of.talks_of(each.company))


def _changed(of: Mission) -> bool:
    """True if somebody wrote something since the schedule was computed."""
    if of.planned is None or of.planned.at is None:
        return False
    at = of.planned.at + timedelta(seconds=1)  # the record's own time has no fractions
    return any(of.readings[each.record].changed_at > at for each in of.participants)
