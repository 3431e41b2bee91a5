"""Wishes and talks from a file: looked at first, saved only after consent."""

import base64
import binascii
from collections import defaultdict
from dataclasses import dataclass
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

from kakehashi.accounts.request import Request
from kakehashi.errors import FileRefused
from kakehashi.importers import files, sentences
from kakehashi.missions import actions, calendars, labels, queries, sheets, shown
from kakehashi.missions.bodies import Key
from kakehashi.missions.forms import wish_row
from kakehashi.missions.queries import Mission
from kakehashi.missions.sheets import Fault, Found
from kakehashi.missions.views.common import context, names, one, where
from kakehashi.records import lint
from kakehashi.text import names as company_names
from kakehashi.text.fold import fold
from kakehashi.translation.texts import original
from kakehashi.ui.languages import reader_language

MAX_BYTES = 300_000
Facts = dict[str, Any]


class SheetForm(forms.Form):
    """A spreadsheet or a calendar."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX with wishes or talks, or a calendar (.ics) with talks; at most 300 kB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt,.ics"}),
        max_length=200,
    )


@dataclass(frozen=True)
class Upload:
    """A file between the look and the consent: it goes to the reader's page and back, and is kept nowhere."""

    name: str
    data: bytes

    @property
    def packed(self) -> str:
        return base64.b64encode(self.data).decode()


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: Request, origin: str, mission: UUID) -> HttpResponse:
    """GET asks for a file, POST shows what it would do, POST with `agree` does it."""
    of = one(request, origin, mission)
    form = SheetForm(request.POST or None, request.FILES or None)
    upload = _upload(request, form) if request.method == "POST" else None
    facts = context(of, form=form, upload=upload)
    if upload is not None:
        try:
            found = _read(request, of, upload)
        except FileRefused as error:
            form.add_error("file", sentences.refused(error))
            return render(request, "missions/bring.html", {**facts, "upload": None})
        if "agree" in request.POST and (found.wishes or found.talks):
            return _save(request, of, found)
        every = names(request, of)
        facts |= {
            "wishes": [(w, every[w.by], every[w.of], labels.PRIORITY[w.priority]) for w in found.wishes],
            "days": shown.days(of, found.talks, every),
            "count": len(found.wishes) + len(found.talks),
            "faults": [
                (each.line, str(labels.FAULTS[each.code] % {"words": each.words})) for each in found.faults
            ],
        }
    return render(request, "missions/bring.html", facts)


def _upload(request: Request, form: SheetForm) -> Upload | None:
    if "agree" in request.POST:
        try:
            data = base64.b64decode(request.POST.get("data", "")[: MAX_BYTES * 2], validate=True)
        except (binascii.Error, ValueError):
            return None
        return Upload(request.POST.get("name", "")[:200], data)
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    if file.size > MAX_BYTES:
        form.add_error("file", _("The file is larger than 300 kB."))
        return None
    return Upload(file.name, file.read())


def _read(request: Request, of: Mission, upload: Upload) -> Found:
    """What a file says, with what is wrong in it. FileRefused."""
    find = _find(request, of)
    slots = of.programme.slots
    if upload.data.lstrip().startswith(b"BEGIN:VCALENDAR"):
        try:
            rows = calendars.read_calendar(upload.data)
        except (ValueError, IndexError, KeyError):
            raise FileRefused("file-damaged", name=upload.name) from None
    else:
        table = files.read(upload.name, upload.data, sheets.known)
        if not sheets.says_talks(table):
            found = sheets.wishes(
                table, find, lambda by: _mine(request, of, by), lambda a, b: bool(of.ordered(a, b))
            )
            return _without_contacts(found)
        zone = of.programme.zone
        rows, faults = sheets.talk_rows(
            table, [day.start.astimezone(zone).date() for day in of.programme.days], zone
        )
        if faults:
            return Found(faults=faults)
    if not of.may_plan:
        return Found(faults=[Fault(1, "host-only")])
    return sheets.talks(rows, find, of.ordered, slots)


def _save(request: Request, of: Mission, found: Found) -> HttpResponse:
    if found.talks:
        pairs = {talk.pair for talk in found.talks}
        kept = [talk for talk in (of.planned.talks if of.planned else ()) if talk.pair not in pairs]
        actions.rearrange(viewer=request.viewer, mission=of, talks=[*kept, *found.talks], now=request.now)
    lang = reader_language()
    for company in {wanted.by: None for wanted in found.wishes}:
        part = of.by_company[company]
        new = {wanted.of: wanted for wanted in found.wishes if wanted.by == company}
        body = of.readings[part.record].body
        kept_rows = [
            row
            for row in body.get("wishes", [])
            if (row["organisation"]["origin"], row["organisation"]["id"]) not in new
        ]
        rows = [
            wish_row(of.by_company[key], each.priority, {lang: original(each.why)} if each.why else {})
            for key, each in new.items()
        ]
        actions.write(
            viewer=request.viewer, mission=of, one=part, now=request.now, wishes=[*kept_rows, *rows]
        )
    messages.success(request, _("Saved, and on its way to the partner."))
    return redirect(where("missions:mission", of))


def _without_contacts(found: Found) -> Found:
    good, faults = [], list(found.faults)
    for each in found.wishes:
        if lint.contacts(each.why):
            faults.append(Fault(each.line, "contact"))
        else:
            good.append(each)
    return Found(good, [], sorted(faults, key=lambda fault: fault.line))


def _find(request: Request, of: Mission) -> sheets.Find:
    """Participants by what people write: a name in any language, id or ROR."""
    readings = queries.names(request.viewer, of, request.now)
    meant: defaultdict[str, set[Key]] = defaultdict(set)
    for part in of.participants:
        row = readings.get(part.company)
        ror = row.body.get("ror", "") if row else ""
        for name in (part.name, *(row.title.values() if row else ())):
            meant[fold(name)].add(part.company)
            meant[company_names.key(name)].add(part.company)
        for word in (part.company[1], *([ror, ror.rsplit("/", 1)[-1]] if ror else [])):
            meant[fold(word)].add(part.company)

    def find(text: str) -> Key | None:
        found = meant.get(fold(text)) or meant.get(company_names.key(text)) or set()
        return next(iter(found)) if len(found) == 1 and text.strip() else None

    return find


def _mine(request: Request, of: Mission, company: Key) -> bool:
    return of.may_edit(request.viewer, of.by_company[company])
