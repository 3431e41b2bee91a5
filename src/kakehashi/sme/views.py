"""Pages of SME status: both laws with their deciding lines, and the forms for figures."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.accounts.request import Request
from kakehashi.errors import InvalidInput, NotFound
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled
from kakehashi.sme import actions, labels, queries
from kakehashi.sme.forms import AccountsForm, CompanyForm, HoldingForm, RateForm, first_figures
from kakehashi.sme.results import Result

# Kinds of organisation for which the question is asked before anybody entered a figure.
ENTERPRISES = ("company", "investor")


@require_GET
def status(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Both laws for one organisation, and the figures on file."""
    reading = queries.organisation(request.viewer, origin, record, request.now)
    both = queries.status(request.viewer, reading, request.now)
    figures = queries.figure_rows(request.viewer, reading)
    return render(
        request,
        "sme/status.html",
        {
            "reading": reading,
            "laws": [_law(both.eu, reading), _law(both.jp, reading)],
            "figures": figures,
            "holdings": queries.holding_rows(request.viewer, reading),
            "rates": queries.rate_rows(request.viewer),
            "may_edit": queries.may_edit(request.viewer, reading),
            "crumbs": _crumbs(reading, here=False),
        },
    )


@require_GET
def for_organisation(request: Request, origin: str, record: UUID) -> HttpResponse:
    """The part that an organisation's page loads; empty where the question does not arise."""
    reading = queries.organisation(request.viewer, origin, record, request.now)
    may_edit = queries.may_edit(request.viewer, reading)
    figures = queries.figures_on_file(reading)
    if not (figures or may_edit or reading.body["type"] in ENTERPRISES):
        return HttpResponse()
    both = queries.status(request.viewer, reading, request.now)
    laws = [_law(both.eu, reading), _law(both.jp, reading)] if figures else []
    return render(request, "sme/_short.html", {"reading": reading, "laws": laws, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
def accounts(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Enter one accounting period."""
    reading = queries.editable(request.viewer, origin, record, request.now)
    whose = [("", titled(reading).text)]
    whose += [(str(row.pk), row.name) for row in queries.holding_rows(request.viewer, reading)]
    form = AccountsForm(request.POST or None, whose=whose)

    def save() -> None:
        chosen = form.cleaned_data["whose"]
        actions.enter(
            viewer=request.viewer,
            origin=origin,
            record=record,
            figures=form.figures(),
            holding=int(chosen) if chosen else None,
            now=request.now,
        )

    words = (_("Enter accounts"), _("For the European definition, period by period; two periods are best."))
    return _entered(request, reading, form, save, *words)


@require_http_methods(["GET", "POST"])
def company(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Enter what the Japanese Act asks for."""
    reading = queries.editable(request.viewer, origin, record, request.now)
    form = CompanyForm(request.POST or None, initial=first_figures(reading.body, titled(reading).text))

    def save() -> None:
        actions.enter(
            viewer=request.viewer, origin=origin, record=record, figures=form.figures(), now=request.now
        )

    words = (_("Enter capital and employees"), _("For the Japanese definition; of the company alone."))
    return _entered(request, reading, form, save, *words)


@require_http_methods(["GET", "POST"])
def holding(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Enter who holds shares in the organisation, or in whom it holds some."""
    reading = queries.editable(request.viewer, origin, record, request.now)
    form = HoldingForm(request.POST or None)

    def save() -> None:
        actions.relate(
            viewer=request.viewer, origin=origin, record=record, holding=form.holding(), now=request.now
        )

    words = (
        _("Enter a related enterprise"),
        _("From 25 per cent on, its figures count too; enter its accounts afterwards."),
    )
    return _entered(request, reading, form, save, *words)


@require_http_methods(["GET", "POST"])
def rate(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Enter an exchange rate."""
    reading = queries.organisation(request.viewer, origin, record, request.now)
    queries.rates_editable(request.viewer)
    form = RateForm(request.POST or None)

    def save() -> None:
        actions.quote(viewer=request.viewer, rate=form.rate(), now=request.now)

    words = (
        _("Enter an exchange rate"),
        _("It serves all organisations for the year that ends on its day or later."),
    )
    return _entered(request, reading, form, save, *words)


@require_POST
def retire(request: Request, origin: str, record: UUID) -> HttpResponse:
    """Take a wrong figure, relation or rate out of the calculation."""
    what, row = request.POST.get("what", ""), request.POST.get("row", "")
    if not row.isdecimal():
        raise NotFound(row)
    actions.retire(
        viewer=request.viewer, origin=origin, record=record, what=what, row=int(row), now=request.now
    )
    messages.success(request, _("Taken out. The answers have been computed anew."))
    return redirect("sme:status", origin, record)


def _entered(
    request: Request,
    reading: Reading,
    form: forms.Form,
    save: Callable[[], None],
    title: str,
    lede: str,
) -> HttpResponse:
    """Show a form, or save what it says."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except InvalidInput as refused:
            _say(form, refused)
        else:
            messages.success(request, _("Saved. The answers have been computed anew."))
            return redirect("sme:status", reading.origin, reading.record)
    context = {"form": form, "title": title, "lede": lede, "reading": reading, "crumbs": _crumbs(reading)}
    return render(request, "sme/enter.html", context)


_ELSEWHERE = {"unit": "currency", "sector": "jsic"}
_PERIODS = ("closed", "day")


def _say(form: forms.Form, refused: InvalidInput) -> None:
    """Each problem at its field, as far as the form has it."""
    for name, codes in refused.problems.items():
        places = _PERIODS if name == "period" else (_ELSEWHERE.get(name, name),)
        place = next((field for field in places if field in form.fields), None)
        for code in codes:
            form.add_error(place, str(labels.problem(code)))


def _law(result: Result, reading: Reading) -> dict[str, object]:
    """One law's answer as the templates show it."""
    at_home = reading.body["region"].startswith("JP") == (result.regime == "jp")
    words: list[Promise] = [labels.missing(gap) for gap in result.missing]
    return {
        "result": result,
        "regime": labels.REGIMES[result.regime],
        "answer": labels.answer(result),
        "law": labels.LAWS[result.regime],
        "address": labels.law_address(result.regime),
        "rows": [labels.row(line) for line in result.lines],
        "missing": list(zip(words, [gap.period for gap in result.missing], strict=True)),
        "years": [(y.closed, labels.sizes(y.own), labels.sizes(y.status)) for y in result.years],
        "at_home": at_home,
    }


def _crumbs(reading: Reading, *, here: bool = True) -> list[tuple[str, str]]:
    title = titled(reading).text
    found = [(title, reverse("records:record", args=[reading.origin, reading.record]))]
    if here:
        found.append((_("SME status"), reverse("sme:status", args=[reading.origin, reading.record])))
    return found
