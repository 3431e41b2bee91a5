"""Partners: our own card, adding one from its card, comparing the fingerprint."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.agreements import actions, cards, labels, own, queries
from kakehashi.agreements.forms import CardForm, ConfirmForm
from kakehashi.errors import InvalidInput, NodeMisconfigured, NotAllowed


def partners(request: Request) -> HttpResponse:
    """All partners, and the card that we send to a new one."""
    card = _own_card()
    context = {
        "partners": queries.partners(request.viewer),
        "card": cards.write(card) if card else "",
        "own_keys": card["root"] if card else [],
        "crumbs": [(_("All agreements"), reverse("agreements:overview"))],
    }
    return render(request, "agreements/partners.html", context)


def add(request: Request) -> HttpResponse:
    """Add a partner from the card that its people sent."""
    if not request.viewer.is_manager:
        raise NotAllowed("partners")
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            card = cards.read(form.cleaned_data["card"])
            found = actions.add_partner(
                viewer=request.viewer, card=card, own=this.node().name, now=request.now
            )
            return redirect("agreements:partner", found.node)
        except InvalidInput as refused:
            for path, sentence in labels.say(refused.problems):
                form.add_error("card", f"{path}: {sentence}" if path else sentence)
    crumbs = [(_("Partners"), reverse("agreements:partners"))]
    return render(request, "agreements/partner_add.html", {"form": form, "crumbs": crumbs})


def partner(request: Request, node: str) -> HttpResponse:
    """One partner: its fingerprint to be compared, its agreements, the local switch."""
    found = queries.partner(request.viewer, node)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_fingerprint(
                viewer=request.viewer, node=node, said=form.cleaned_data["fingerprint"], now=request.now
            )
            messages.success(request, _("The fingerprint is confirmed. You can now propose an agreement."))
            return redirect("agreements:partner", node)
        except InvalidInput as refused:
            form.add_error(None, labels.say(refused.problems)[0][1])
    context = {
        "partner": found,
        "form": form,
        "agreements": queries.shared_with(request.viewer, node),
        "crumbs": [(_("Partners"), reverse("agreements:partners"))],
    }
    return render(request, "agreements/partner.html", context)


@require_POST
def suspend(request: Request, node: str) -> HttpResponse:
    """The local switch for a partner."""
    suspended = request.POST.get("suspended") == "1"
    actions.suspend_partner(viewer=request.viewer, node=node, suspended=suspended, now=request.now)
    return redirect("agreements:partner", node)


def _own_card() -> cards.Card | None:
    """Our card; None where this node has no public root key yet."""
    try:
        return own.card(this.node())
    except NodeMisconfigured:
        return None
