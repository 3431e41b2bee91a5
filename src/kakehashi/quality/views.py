"""The part of a record's page that shows its editors what to mend before publication."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.accounts.request import Request
from kakehashi.errors import NotFound
from kakehashi.quality import labels
from kakehashi.quality.check import check
from kakehashi.quality.findings import KINDS
from kakehashi.records import queries


@require_GET
def for_record(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Findings in the newest revision, a part or a page; NotFound for those who may not edit."""
    reading = queries.get(request.viewer, origin, record, request.now)
    if not reading.own or not request.viewer.may_edit(reading.owner):
        raise NotFound(f"{origin}/{record}")
    if reading.kind not in KINDS:
        return HttpResponse()
    groups = labels.groups(check(reading.body, request.now.date()))
    template = "quality/_findings.html" if request.htmx else "quality/findings.html"
    return render(request, template, {"reading": reading, "groups": groups})
