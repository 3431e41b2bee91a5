"""The host's team: a mission announced, its schedule computed, talks put by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.missions import actions, labels, planning, queries, shown
from kakehashi.missions.bodies import Key, Participant
from kakehashi.missions.forms import ProgrammeForm, TalkForm, home_zone, talk_written, written
from kakehashi.missions.queries import Mission
from kakehashi.missions.schedule import Talk
from kakehashi.missions.shown import Name
from kakehashi.missions.views.common import context, names, one, where
from kakehashi.records import naming
from kakehashi.ui.languages import reader_language


@login_required
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Announce a mission of this node."""
    return _programme(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, origin: str, mission: UUID) -> HttpResponse:
    """Change its programme."""
    of = one(request, origin, mission)
    if not of.is_host:
        raise NotAllowed("missions.announce")
    return _programme(request, of)


def _programme(request: Request, of: Mission | None) -> HttpResponse:
    if not request.viewer.is_staff:
        raise NotAllowed("missions.announce")
    running = queries.choices(request.viewer, request.now)
    lang = of.reading.lang if of else reader_language()
    form = ProgrammeForm(
        request.POST or None,
        hosts=sorted(
            queries.organisations(request.viewer, request.now), key=lambda row: row.body["type"] != "cluster"
        ),
        agreements=_agreements(request, [each["lineage"] for each in running]),
        initial=written(of.programme, lang) if of else {"zone": home_zone()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            record = actions.announce(
                viewer=request.viewer,
                facts=form.facts(lang),
                lineage=form.cleaned_data["lineage"],
                record_id=of.reading.record if of else None,
                now=request.now,
            )
            return redirect("missions:mission", this.node().name, record.id)
        except InvalidInput:
            form.add_error(
                None, _("Leave out addresses and telephone numbers: the programme crosses to the partner.")
            )
    facts: dict[str, Any] = context(of) if of else {"crumbs": [(_("Missions"), reverse("missions:index"))]}
    return render(request, "missions/edit.html", {**facts, "form": form, "none": not running})


@login_required
@require_http_methods(["GET", "POST"])
def schedule(request: Request, origin: str, mission: UUID) -> HttpResponse:
    """POST asks for the schedule; GET is how far it is, asked by htmx until it is there."""
    of = one(request, origin, mission)
    if request.method == "POST":
        actions.ask(viewer=request.viewer, mission=of, now=request.now)
        return redirect(where("missions:mission", of) + "#schedule")
    computation = queries.computation(request.viewer, of)
    if not of.may_plan:
        raise NotAllowed("missions.plan")
    response = render(request, "missions/_computing.html", context(of, computation=computation))
    if computation is None or computation.ended_at:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def talk(request: Request, origin: str, mission: UUID) -> HttpResponse:
    """Put a talk by hand, move it (?host= ?guest=), let it be moved again, or take it out."""
    of = one(request, origin, mission)
    if not of.may_plan:
        raise NotAllowed("missions.plan")
    every = names(request, of)
    given = tuple(planning.key(request.GET.get(side, "")) for side in ("host", "guest"))
    known = next((each for each in of.talks if each.pair == given), None)
    form = TalkForm(
        request.POST or None,
        sides=_sides(of, every),
        starts=_starts(of),
        tables=of.programme.tables,
        initial=talk_written(known) if known else {},
    )
    done = _told(request, of, form) if request.method == "POST" else ""
    if done:
        messages.success(request, done)
        return redirect(where("missions:mission", of) + "#schedule")
    wrong = [shown.conflict(each, every) for each in of.conflicts if known and _pair(each.talk) == known.pair]
    return render(request, "missions/talk.html", context(of, form=form, known=known, wrong=wrong))


def _sides(of: Mission, every: Mapping[Key, Name]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who can be chosen first and second: guests of several partners may also meet each other."""
    here = of.programme.key[0]
    guests = [each for each in of.participants if each.company[0] != here]
    several = len({each.company[0] for each in guests}) > 1
    first = [each for each in of.participants if several or each.company[0] == here]

    def named(chosen: Iterable[Participant]) -> list[tuple[str, str]]:
        return [("/".join(each.company), every[each.company].text) for each in chosen]

    return named(first), named(guests)


def _told(request: Request, of: Mission, form: TalkForm) -> str:
    """Do what the form's button says; what was done, or nothing if the form is wrong."""
    pair = (planning.key(request.POST.get("host", "")), planning.key(request.POST.get("guest", "")))
    facts: dict[str, Any] = {"viewer": request.viewer, "mission": of, "pair": pair, "now": request.now}
    match request.POST.get("do"):
        case "free":
            actions.free(**facts)
            return _("The next computation may move this talk.")
        case "drop":
            actions.drop(**facts)
            return _("The talk is taken out.")
    if not form.is_valid():
        return ""
    if of.ordered(*pair) is None:
        form.add_error("guest", labels.CONFLICTS["same-side"])
        return ""
    said = form.cleaned_data
    actions.put(**facts, start=datetime.fromisoformat(said["start"]), table=said["table"])
    return _("The talk is set. It stays where it is when the schedule is computed again.")


def _pair(talk: Talk) -> tuple[Key, Key]:
    return planning.key(talk.host), planning.key(talk.guest)


def _agreements(request: Request, running: list[str]) -> list[tuple[str, str]]:
    lang = reader_language()
    named = naming.agreements(request.viewer, request.now)
    return [
        (lineage, each.title.get(lang) or next(iter(each.title.values())))
        for lineage, each in named.items()
        if lineage in running
    ]


def _starts(of: Mission) -> list[tuple[str, str]]:
    zone = of.programme.zone
    return [
        (
            slot.start.isoformat(),
            f"{shown.day_text(slot.start.astimezone(zone).date())}, {shown.clock(slot.start, zone)}",
        )
        for slot in of.programme.slots
    ]
