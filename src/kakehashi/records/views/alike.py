"""Organisations that are named alike: the team says whether they are one, and sees what it said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.accounts.request import Request
from kakehashi.errors import NotFound
from kakehashi.records import actions, identity, labels, queries
from kakehashi.records.models import Likeness, Reading

PER_PAGE = 20
SAID = {"same": True, "apart": False, "open": None}


@dataclass(frozen=True)
class Alike:
    """Two organisations, why they may be one, and what was said of them."""

    one: Reading
    other: Reading
    reasons: str
    said: Likeness | None = None


@require_http_methods(["GET", "POST"])
def alike(request: Request) -> HttpResponse:
    """Pairs to judge, then those that were; POST `one`, `other` and `say` (same, apart, open)."""
    said = queries.likenesses(request.viewer)
    if request.method == "POST":
        return _say(request)
    known = {
        str(row.record): row
        for row in queries.visible(request.viewer, request.now).filter(kind="organisation").defer("person")
    }
    pairs = identity.pairs({id: row.body for id, row in known.items()})
    waiting = [
        Alike(known[pair.one], known[pair.other], labels.likeness(pair.reasons))
        for pair in pairs
        if (pair.one, pair.other) not in said
    ]
    judged = [
        Alike(known[one], known[other], "", row)
        for (one, other), row in sorted(said.items(), key=lambda entry: entry[1].at, reverse=True)
        if one in known and other in known
    ]
    context = {
        "page": Paginator(waiting, PER_PAGE).get_page(request.GET.get("page")),
        "judged": judged,
        "crumbs": [(_("Organisations"), reverse("records:organisations"))],
    }
    return render(request, "records/alike.html", context)


def _say(request: Request) -> HttpResponse:
    try:
        one, other = UUID(request.POST.get("one", "")), UUID(request.POST.get("other", ""))
        same = SAID[request.POST.get("say", "")]
    except (ValueError, KeyError):
        raise NotFound("alike") from None
    actions.say_alike(viewer=request.viewer, one=one, other=other, same=same, now=request.now)
    messages.success(request, _("Kept. You can change it at any time."))
    return redirect("records:alike")


def seems_here(request: Request, body: Mapping[str, Any]) -> list[tuple[Reading, str]]:
    """The organisations that a new one may be, with the reasons."""
    known = {
        str(row.record): row
        for row in queries.visible(request.viewer, request.now).filter(kind="organisation").defer("person")
    }
    among = identity.matcher(tuple(identity.known(id, row.body) for id, row in known.items()))
    found = identity.alike(among, body)
    return [(known[each.organisation.id], labels.likeness(each.reasons)) for each in found]
