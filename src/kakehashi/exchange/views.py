"""Pages of the exchange: how far each side has read, when last, and what was refused and why."""

from django.http import HttpResponse
from django.shortcuts import render

from kakehashi.accounts.request import Request
from kakehashi.agreements import queries as agreements
from kakehashi.exchange import overview
from kakehashi.exchange.keys import queries as keys
from kakehashi.exchange.keys import words


def partners(request: Request) -> HttpResponse:
    """All partners."""
    found = overview.exchanges(request.viewer, request.now)
    alarms = [(alarm, words.sentence(alarm)) for alarm in keys.alarms(request.viewer, request.now)]
    return render(request, "exchange/partners.html", {"exchanges": found, "alarms": alarms, "named": True})


def agreement_state(request: Request, hash: str) -> HttpResponse:
    """The exchange under one agreement: a part of its page, or a page of its own without script."""
    agreement = agreements.get(request.viewer, hash)
    found = overview.exchanges(request.viewer, request.now, lineage=agreement.lineage)
    template = "exchange/_exchanges.html" if request.htmx else "exchange/partners.html"
    return render(request, template, {"exchanges": found, "agreement": agreement})
