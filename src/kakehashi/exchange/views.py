"""Pages of the exchange: how far each side has read, when last, and what was refused and why."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.accounts.request import Request
from kakehashi.agreements import queries as agreements
from kakehashi.exchange import overview, recalls
from kakehashi.exchange.keys import queries as keys
from kakehashi.exchange.keys import words

PER_PAGE = 20


def partners(request: Request) -> HttpResponse:
    """All partners."""
    found = overview.exchanges(request.viewer, request.now)
    context = {
        "exchanges": found,
        "alarms": [(alarm, words.sentence(alarm)) for alarm in keys.alarms(request.viewer, request.now)],
        "named": True,
        "overdue": recalls.overdue(request.viewer),
    }
    return render(request, "exchange/partners.html", context)


def taken_back(request: Request) -> HttpResponse:
    """Each recall and who has confirmed it; `?record=` for those of one record."""
    try:
        record = UUID(request.GET["record"]) if request.GET.get("record") else None
    except ValueError:
        raise Http404("record") from None
    rows = recalls.recalls(request.viewer, record=record)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": recalls.shown(request.viewer, list(page), request.now),
        "overdue": recalls.overdue(request.viewer),
        "record": record,
        "crumbs": [(_("Exchange with partners"), reverse("exchange:partners"))],
    }
    return render(request, "exchange/recalls.html", context)


def agreement_state(request: Request, hash: str) -> HttpResponse:
    """The exchange under one agreement: a part of its page, or a page of its own without script."""
    agreement = agreements.get(request.viewer, hash)
    found = overview.exchanges(request.viewer, request.now, lineage=agreement.lineage)
    template = "exchange/_exchanges.html" if request.htmx else "exchange/partners.html"
    return render(request, template, {"exchanges": found, "agreement": agreement})
