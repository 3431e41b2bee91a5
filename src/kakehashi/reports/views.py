"""The report on the web, what its numbers were counted from, and the same as files to send on."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import NotFound
from kakehashi.records.kinds import KINDS
from kakehashi.reports import labels, outcomes, queries, shown, workbook
from kakehashi.reports import paper as papers
from kakehashi.reports import period as periods
from kakehashi.reports.forms import PeriodForm
from kakehashi.reports.period import Period
from kakehashi.reports.queries import Bridge
from kakehashi.reports.tally import Choice
from kakehashi.ui.languages import reader_language

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def latest(request: Request) -> HttpResponse:
    """To the present year, or to the period that was asked for."""
    form = PeriodForm(request.GET or None)
    if request.GET.get("first") is not None and not form.is_valid():
        return _page(request, periods.year(request.now.year), form)
    period = form.period if form.is_bound and form.is_valid() else periods.year(request.now.year)
    return redirect(f"{reverse('reports:report', args=[period.name])}{_kept(request)}")


def report(request: Request, period: str) -> HttpResponse:
    """One period of one bridge, both sides beside each other."""
    return _page(request, periods.parse(period), None)


def _page(request: Request, period: Period, form: PeriodForm | None) -> HttpResponse:
    bridges = queries.bridges(request.viewer, this.node())
    if not bridges:
        return render(request, "reports/none.html")
    bridge = queries.bridge_to(request.GET.get("partner", ""), bridges)
    context = {
        "report": queries.report(request.viewer, bridge, period, request.now),
        "bridges": bridges,
        "form": form or PeriodForm(initial={"first": period.first, "last": period.last}),
        "years": range(_first_year(bridge, period), request.now.year + 1),
        "definitions": labels.DEFINITIONS,
        "kept": _kept(request),
    }
    return render(request, "reports/report.html", context)


def evidence(request: Request, period: str) -> HttpResponse:
    """The records that one number was counted from."""
    found, bridge, choice = periods.parse(period), _bridge(request), _choice(request)
    rows = queries.behind(request.viewer, bridge, found, choice)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.with_records(request.viewer, list(page), request.now),
        "period": found,
        "sides": (bridge.left, bridge.right),
        "what": shown.choice(choice, bridge),
        "crumbs": [_up(request, found)],
    }
    return render(request, "reports/evidence.html", context)


def introductions(request: Request, period: str, stage: str) -> HttpResponse:
    """The introductions behind one number: that of a stage, of a result, or of a way to end."""
    found, bridge = periods.parse(period), _bridge(request)
    came = outcomes.outcomes(request.viewer, bridge.nodes, bridge.lineages, found, request.now)
    keys = came.behind.get(stage)
    if keys is None:
        raise NotFound(stage)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": stage,
        "page": page,
        "rows": outcomes.told(request.viewer, page, request.now),
        "period": found,
        "crumbs": [_up(request, found)],
    }
    return render(request, "reports/introductions.html", context)


def companies(request: Request, period: str) -> HttpResponse:
    """The companies that took part, and what both laws say of each."""
    found = periods.parse(period)
    report = queries.report(request.viewer, _bridge(request), found, request.now)
    context = {"report": report, "rows": shown.companies(report), "crumbs": [_up(request, found)]}
    return render(request, "reports/companies.html", context)


def spreadsheet(request: Request, period: str) -> HttpResponse:
    """The numbers, the records behind them and the definitions, as XLSX in the reader's language."""
    bridge, found = _bridge(request), periods.parse(period)
    report = queries.report(request.viewer, bridge, found, request.now)
    puts = queries.behind(request.viewer, bridge, found, Choice())
    data = workbook.as_xlsx(report, queries.with_records(request.viewer, puts, request.now))
    return _file(data, XLSX, found, "xlsx")


def paper(request: Request, period: str) -> HttpResponse:
    """The report as PDF in the reader's language."""
    found = periods.parse(period)
    report = queries.report(request.viewer, _bridge(request), found, request.now)
    return _file(papers.as_pdf(report, request.now), "application/pdf", found, "pdf")


def _file(data: bytes, kind: str, period: Period, ending: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    name = f"kakehashi-report-{period.name}-{reader_language()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _bridge(request: Request) -> Bridge:
    return queries.bridge(request.viewer, this.node(), request.GET.get("partner", ""))


def _choice(request: Request) -> Choice:
    """What the address asks for; NotFound for a kind that is none."""
    asked = {name: request.GET.get(name, "") for name in ("origin", "kind", "clause", "lineage")}
    if asked["kind"] not in ("", *KINDS):
        raise NotFound(asked["kind"])
    return Choice(**asked)


def _first_year(bridge: Bridge, period: Period) -> int:
    return min([period.first.year, *(each["starts"].year for each in bridge.agreements)])


def _kept(request: Request) -> str:
    """The partner, carried on in addresses where it was chosen."""
    partner = request.GET.get("partner")
    return f"?{urlencode({'partner': partner})}" if partner else ""


def _up(request: Request, period: Period) -> tuple[str, str]:
    return _("Report"), f"{reverse('reports:report', args=[period.name])}{_kept(request)}"
