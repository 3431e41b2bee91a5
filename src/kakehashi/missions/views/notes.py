"""After a talk: what was said, the next step, whether to go on; and the introduction that comes of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, InvalidInput, NotFound
from kakehashi.introductions import actions as introductions
from kakehashi.introductions import queries as introduced
from kakehashi.introductions.forms import AskForm
from kakehashi.missions import actions, queries
from kakehashi.missions.bodies import Key, Note, Participant
from kakehashi.missions.queries import Mission
from kakehashi.missions.views.common import context, names, one, where
from kakehashi.records import labels
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled
from kakehashi.translation.texts import original, pick
from kakehashi.ui.languages import reader_language

TARGETS = 20  # records of the other side that an introduction can be about


class NoteForm(forms.Form):
    """What came of a talk."""

    said = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Read by both clusters and by the other side of the talk. No contact data."),
    )
    next = forms.CharField(label=gettext_lazy("Next step"), max_length=500, required=False)
    due = forms.DateField(
        label=gettext_lazy("By when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    go_on = forms.BooleanField(label=gettext_lazy("We would like to go on"), required=False)


@login_required
@require_http_methods(["GET", "POST"])
def note(request: Request, origin: str, mission: UUID, company: UUID, of: str, other: UUID) -> HttpResponse:
    """Write down what came of one talk, and read what the other side wrote."""
    seen, part, there = _talk(request, origin, mission, company, (of, str(other)))
    mine = next((each for each in part.notes if each.company == there.company), None)
    theirs = next((each for each in there.notes if each.company == part.company), None)
    form = NoteForm(request.POST or None, initial=_written(mine))
    if request.method == "POST" and form.is_valid():
        body = seen.readings[part.record].body
        kept = [row for row in body.get("notes", []) if _about(row) != there.company]
        rows = [*kept, _row(there, form.cleaned_data, mine)]
        try:
            actions.write(viewer=request.viewer, mission=seen, one=part, now=request.now, notes=rows)
        except InvalidInput:
            form.add_error(None, _("Leave out addresses and telephone numbers: this crosses to the partner."))
        else:
            messages.success(request, _("Saved, and on its way to the partner."))
            return redirect(where("missions:note", seen, company, of, other))
    every = names(request, seen)
    facts = context(seen, form=form, mine=mine, theirs=theirs, part=part, name=every[part.company])
    facts["crumbs"].append((every[part.company].text, where("missions:company", seen, *part.company)))
    return render(request, "missions/note.html", {**facts, "other": every[there.company]})


@login_required
@require_http_methods(["GET", "POST"])
def introduce(
    request: Request, origin: str, mission: UUID, company: UUID, of: str, other: UUID
) -> HttpResponse:
    """From a talk to an introduction: the three questions, filled in with what was noted."""
    seen, part, there = _talk(request, origin, mission, company, (of, str(other)))
    mine = next((each for each in part.notes if each.company == there.company), None)
    targets = _targets(request, there)
    initial = {"name": request.user.name, "email": request.user.email, **_asking(mine)}
    form = AskForm(request.POST or None, initial=initial)
    form.fields["about"] = forms.ChoiceField(
        label=_("What it is about"),
        choices=[(str(row.record), f"{titled(row).text} ({labels.KIND[row.kind]})") for row in targets],
    )
    form.order_fields(["about"])
    if request.method == "POST" and form.is_valid():
        try:
            key = introductions.ask(
                viewer=request.viewer,
                origin=of,
                record_id=UUID(form.cleaned_data["about"]),
                asked=form.asked(reader_language()),
                contact=form.contact,
                organisation=company,
                mission=seen.programme.key,
                now=request.now,
            )
        except InvalidInput as refused:
            form.refuse(refused.problems)
        except Conflict:
            form.add_error(None, _("Your organisation is asking about this record already."))
        else:
            messages.success(
                request, _("Your question is with your cluster, which checks it and passes it on.")
            )
            return redirect("introductions:thread", this.node().name, key)
    every = names(request, seen)
    facts = context(seen, form=form, other=every[there.company], targets=targets)
    facts["crumbs"].append((_("What came of this talk"), where("missions:note", seen, company, of, other)))
    return render(request, "missions/introduce.html", facts)


def _talk(
    request: Request, origin: str, mission: UUID, company: UUID, other: Key
) -> tuple[Mission, Participant, Participant]:
    """The two of a talk in the schedule, the own one first; NotFound where there is none."""
    seen = one(request, origin, mission)
    part = queries.editable(request.viewer, seen, this.node().name, company)
    there = seen.by_company.get(other)
    if there is None or not any(other in talk.pair for talk in seen.talks_of(part.company)):
        raise NotFound(f"talk of {company} and {other}")
    return seen, part, there


def _targets(request: Request, there: Participant) -> list[Reading]:
    """What the other side has published, its own entry last, as far as one may ask about it."""
    company = UUID(there.company[1])
    found = records.of_organisation(request.viewer, request.now, company)[:TARGETS]
    entry = records.by_id(request.viewer, request.now, [company]).values()
    return [row for row in [*found, *entry] if introduced.may_ask(request.viewer, row, request.now)]


def _written(mine: Note | None) -> dict[str, Any]:
    lang = reader_language()
    texts = {name: pick(getattr(mine, name), lang) for name in ("said", "next")} if mine else {}
    facts = {name: shown.text if shown else "" for name, shown in texts.items()}
    return {**facts, "due": mine.due, "go_on": mine.go_on} if mine else {}


def _asking(mine: Note | None) -> dict[str, str]:
    said = _written(mine)
    return {"questions": said.get("next", ""), "about_you": said.get("said", "")}


def _row(there: Participant, said: dict[str, Any], before: Note | None) -> dict[str, Any]:
    """A note as it travels; words that did not change keep their language."""
    lang = reader_language()
    made: dict[str, Any] = {
        "organisation": {"origin": there.company[0], "id": there.company[1], "name": there.name},
        "go_on": said["go_on"],
    }
    for name in ("said", "next"):
        old = getattr(before, name) if before else {}
        shown = pick(old, lang)
        if said[name].strip():
            made[name] = old if shown and shown.text == said[name] else {lang: original(said[name])}
    return {**made, **({"due": said["due"].isoformat()} if said["due"] else {})}


def _about(row: dict[str, Any]) -> Key:
    return row["organisation"]["origin"], row["organisation"]["id"]
