"""The page on which a manager agrees to read on in the log that a partner has begun anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.accounts.request import Request
from kakehashi.errors import ExchangeError, NotAllowed, NotFound, PeerError
from kakehashi.exchange import overview
from kakehashi.exchange.jobs import client
from kakehashi.recovery import actions

SILENT = gettext_lazy("The partner does not answer just now. Nothing was changed; try it again later.")
FORK = gettext_lazy(
    "The new log does not follow what was read here. Nothing was changed; speak with your partner."
)
WRONG = gettext_lazy("The new log is not as it should be. Nothing was changed; speak with your partner.")


def next_log(request: Request) -> HttpResponse:
    """All partners' logs that were closed: what that means, and the agreement to read on."""
    if not request.viewer.is_manager:
        raise NotAllowed("exchange.epoch")
    every = overview.exchanges(request.viewer, request.now)
    closed = [each for each in every if each.reading is not None and each.reading.closed]
    if request.method == "POST":
        name = request.POST.get("channel", "")
        if name not in {each.reading.channel for each in closed if each.reading}:
            raise NotFound(name)
        if _accepted(request, name):
            return redirect("exchange:partners")
    crumbs = [(_("Exchange with partners"), reverse("exchange:partners"))]
    return render(request, "recovery/next_log.html", {"closed": closed, "crumbs": crumbs})


def _accepted(request: Request, name: str) -> bool:
    """True if reading goes on; else it is said why not, and nothing has changed."""
    if request.POST.get("spoken") != "on":
        messages.error(request, _("Speak with your partner first, and say so here."))
        return False
    try:
        actions.read_next(client(), viewer=request.viewer, name=name, now=request.now)
    except PeerError:
        messages.error(request, SILENT)
        return False
    except ExchangeError as refused:
        messages.error(request, FORK if refused.code == "fork" else WRONG)
        return False
    messages.success(request, _("Agreed. The new log is read from its first entry on."))
    return True
