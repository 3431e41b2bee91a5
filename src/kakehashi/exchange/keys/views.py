"""Pages about keys: of this node, and of each partner, with the confirmation of a new root key."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import queries as agreement_queries
from kakehashi.agreements.models import Partner
from kakehashi.errors import InvalidInput, NotAllowed, NotFound
from kakehashi.exchange.keys import queries, words


def own(request: Request) -> HttpResponse:
    """The keys of this node."""
    return _page(request, this.node().name, None)


def partner(request: Request, node: str) -> HttpResponse:
    """The keys of a partner: a part of the partner's page, or a page of its own without script."""
    return _page(request, node, agreement_queries.partner(request.viewer, node))


@require_POST
def confirm_root(request: Request, node: str) -> HttpResponse:
    """Two people have compared the fingerprints of a partner's new root keys."""
    if not request.viewer.is_manager:
        raise NotAllowed("partners")
    try:
        if request.POST.get("compared") != "on":
            raise InvalidInput({"": [_("Compare all ten groups by telephone first, and say so here.")]})
        said = request.POST.getlist("fingerprint")
        agreements.confirm_roots(viewer=request.viewer, node=node, said=said, now=request.now)
        messages.success(request, _("The new root key is confirmed. Reading goes on by itself."))
    except InvalidInput as refused:
        for problems in refused.problems.values():
            messages.error(request, _(str(problems[0])))
    return redirect("agreements:partner", node)


def _page(request: Request, node: str, partner: Partner | None) -> HttpResponse:
    try:
        found = queries.of_node(request.viewer, node)
    except NotFound:
        found = None
    alarms = [each for each in queries.alarms(request.viewer, request.now) if each.node == node]
    proposed = partner.proposed_roots if partner else []
    context = {
        "keys": found,
        "partner": partner,
        "alarms": [(each, words.sentence(each)) for each in alarms],
        "proposed": [key for key in proposed if partner and key not in partner.root_keys],
        "uses": words.USES,
        "states": words.STATES,
        "crumbs": [(_("Partners"), reverse("agreements:partners"))],
    }
    template = "exchange/_keys.html" if request.htmx else "exchange/keys.html"
    return render(request, template, context)
