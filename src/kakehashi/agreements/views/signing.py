"""Proposing, signing, ending and switching: what a manager does with an agreement."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.agreements import actions, labels, own, queries, signatures, terms
from kakehashi.agreements.cards import party_of
from kakehashi.agreements.document import MAX_BYTES, Document
from kakehashi.agreements.forms import (
    EndForm,
    FirstProposalForm,
    ProposalForm,
    SignedFileForm,
    initial_of,
)
from kakehashi.agreements.models import Agreement
from kakehashi.agreements.templatetags.agreements import plain
from kakehashi.agreements.views.reading import download, page_of
from kakehashi.errors import InvalidInput, NotAllowed, NotCanonical
from kakehashi.signing import canonical


def propose(request: Request, node: str) -> HttpResponse:
    """Write the draft of a first version with one partner or more."""
    partner = queries.partner(request.viewer, node)
    _managers_only(request)
    confirmed = queries.partners(request.viewer).filter(fingerprint_confirmed_at__isnull=False)
    others = [(each.node, plain(each.name)) for each in confirmed if each.node != node]
    form = FirstProposalForm(request.POST or None, initial={"starts": request.now.date()}, others=others)
    if request.method == "POST" and form.is_valid():
        invited = [each for each in confirmed if each.node in form.cleaned_data.get("others", [])]
        theirs = [queries.party_of_partner(each) for each in (partner, *invited)]
        regions = {each.node: each.regions for each in (partner, *invited)}
        if answer := _propose(request, form, theirs, regions):
            return answer
    crumbs = [(_("Partners"), reverse("agreements:partners")), (partner.node, _of_partner(partner.node))]
    context = {"form": form, "names": [partner.name], "crumbs": crumbs}
    return render(request, "agreements/propose.html", context)


def amend(request: Request, prefix: str) -> HttpResponse:
    """Write the draft of the version that follows: an amendment, or a renewal from the end of the term."""
    former = queries.get(request.viewer, prefix)
    _managers_only(request)
    here, parties = this.node(), former.document["parties"]
    starts = former.ends if "renew" in request.GET else request.now
    initial = initial_of(former.document, here.name, max(starts, request.now).date())
    form = ProposalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        page = page_of(request, former)
        regions = {party.node: party.regions for party in page.parties if not party.here}
        theirs = [party for party in parties if party["node"] != here.name]
        if answer := _propose(request, form, theirs, regions, former=former.document):
            return answer
    names = [party["name"] for party in parties if party["node"] != here.name]
    context = {"form": form, "names": names, "former": former, "crumbs": _up(former)}
    return render(request, "agreements/propose.html", context)


def _propose(
    request: Request,
    form: ProposalForm,
    theirs: list[Document],
    regions: dict[str, list[str]],
    former: Document | None = None,
) -> HttpResponse | None:
    """Store the draft and go on to signing it; None if it was refused, which the form then says."""
    here = this.node()
    ours = party_of(own.card(here))
    order = [party["node"] for party in former["parties"]] if former else [here.name]
    parties = sorted(
        [ours, *theirs], key=lambda party: order.index(party["node"]) if party["node"] in order else 99
    )
    try:
        draft = form.document(parties, here.name, {here.name: here.regions, **regions}, former)
        agreement = actions.propose(viewer=request.viewer, document=draft, own=ours, now=request.now)
    except InvalidInput as refused:
        _say(form, refused)
        return None
    return redirect("agreements:sign", queries.short(agreement.hash))


def sign(request: Request, prefix: str) -> HttpResponse:
    """Inspect a draft and sign it: at once in the demonstration, else with a key that is elsewhere."""
    agreement = queries.get(request.viewer, prefix)
    _managers_only(request)
    node, form = this.node(), SignedFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        try:
            if node.demo and "at_once" in request.POST:
                actions.sign_with_node_root(
                    viewer=request.viewer, hash=agreement.hash, node=node, now=request.now
                )
                return _signed(request, agreement)
            if form.is_valid():
                proof = canonical.decode(form.cleaned_data["signed"], limit=MAX_BYTES)
                actions.add_proof(
                    viewer=request.viewer, hash=agreement.hash, proof=proof, own=node.name, now=request.now
                )
                return _signed(request, agreement)
        except (InvalidInput, NotCanonical) as refused:
            _say(form, refused)
    done = {proof.node for proof in queries.proofs(request.viewer, agreement)}
    context = {
        "agreement": agreement,
        "page": page_of(request, agreement),
        "form": form,
        "signed_by": done,
        "signed_here": node.name in done,
        "crumbs": _up(agreement),
    }
    return render(request, "agreements/sign.html", context)


def end(request: Request, prefix: str) -> HttpResponse:
    """Declare the end: at once in the demonstration, else in two steps with a key that is elsewhere."""
    agreement = queries.get(request.viewer, prefix)
    _managers_only(request)
    term = agreement.document["term"]
    earliest = terms.earliest_end(term["notice_days"], request.now)
    form = EndForm(
        None if "upload" in request.POST else request.POST or None,
        initial={"reason": "notice", "effective": earliest.date()},
    )
    upload = SignedFileForm(request.POST, request.FILES) if "upload" in request.POST else SignedFileForm()
    if request.method == "POST":
        answer = (
            _upload_end(request, upload) if "upload" in request.POST else _declare(request, agreement, form)
        )
        if answer is not None:
            return answer
    context = {
        "agreement": agreement,
        "page": page_of(request, agreement),
        "form": form,
        "upload": upload,
        "earliest": earliest,
        "crumbs": _up(agreement),
    }
    return render(request, "agreements/end.html", context)


def _declare(request: Request, agreement: Agreement, form: EndForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    node, reason = this.node(), form.cleaned_data["reason"]
    facts = {"viewer": request.viewer, "agreement": agreement, "reason": reason, "now": request.now}
    facts["effective"] = form.effective_at(request.now)
    try:
        if node.demo:
            actions.end_with_node_root(node=node, **facts)
            return _ended(request, agreement)
        unsigned = actions.draft_termination(own=node.name, **facts)
        return download(canonical.encode(unsigned), f"termination-{queries.short(agreement.hash)}.json")
    except InvalidInput as refused:
        _say(form, refused)
    return None


def _upload_end(request: Request, form: SignedFileForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        ending = signatures.parse_termination(form.cleaned_data["signed"])
        ended = actions.end(viewer=request.viewer, ending=ending, own=this.node().name, now=request.now)
        return _ended(request, ended)
    except InvalidInput as refused:
        _say(form, refused)
    return None


@require_POST
def withdraw(request: Request, prefix: str) -> HttpResponse:
    """Take back or decline a proposal."""
    agreement = queries.get(request.viewer, prefix)
    actions.withdraw(viewer=request.viewer, hash=agreement.hash, own=this.node().name, now=request.now)
    return _back(agreement)


@require_POST
def suspend(request: Request, prefix: str) -> HttpResponse:
    """The local switch for an agreement."""
    agreement = queries.get(request.viewer, prefix)
    suspended = request.POST.get("suspended") == "1"
    actions.set_suspended(viewer=request.viewer, hash=agreement.hash, suspended=suspended, now=request.now)
    return _back(agreement)


@require_POST
def retry(request: Request, prefix: str) -> HttpResponse:
    """Send at once what the partner has not got yet."""
    agreement = queries.get(request.viewer, prefix)
    actions.retry(viewer=request.viewer, agreement=agreement, now=request.now)
    return _back(agreement)


def _signed(request: Request, agreement: Agreement) -> HttpResponse:
    messages.success(request, _("Signed. The partner is told as soon as its node answers."))
    return _back(agreement)


def _ended(request: Request, agreement: Agreement) -> HttpResponse:
    messages.success(request, _("The end is declared. The partner is told as soon as its node answers."))
    return _back(agreement)


def _back(agreement: Agreement) -> HttpResponse:
    return redirect("agreements:detail", queries.short(agreement.hash))


def _up(agreement: Agreement) -> list[tuple[str, str]]:
    address = reverse("agreements:detail", args=[queries.short(agreement.hash)])
    return [(_("All agreements"), reverse("agreements:overview")), (_("Agreement"), address)]


def _of_partner(node: str) -> str:
    return reverse("agreements:partner", args=[node])


def _say(form: ProposalForm | SignedFileForm | EndForm, refused: InvalidInput | NotCanonical) -> None:
    """Put the problems of an action into the form, at the field where it is one of the form's."""
    if isinstance(refused, NotCanonical):
        form.add_error(None, _("This file is not what “kakehashi agreement sign” writes."))
        return
    for path, sentence in labels.say(refused.problems):
        form.add_error(path if path in form.fields else None, sentence)


def _managers_only(request: Request) -> None:
    if not request.viewer.is_manager:
        raise NotAllowed("agreements")
