"""The disclosure log as a page, as CSV, and as JSON with proofs."""

import base64
import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kakehashi.accounts.request import Request
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import KakehashiError
from kakehashi.introductions import labels, queries
from kakehashi.introductions.models import Showing
from kakehashi.introductions.queries import Disclosure
from kakehashi.proving import queries as proving
from kakehashi.records import naming
from kakehashi.records.templatetags.readings import titled

PER_PAGE = 40
SHOWN = 100
MOST = 5000  # rows of an export
PROVEN = 200  # records whose proofs an export of one organisation carries


@login_required
@require_GET
def disclosures(request: Request) -> HttpResponse:
    """`?organisation=` for managers, `?form=csv` or `json` to take it away."""
    owner = queries.whose(request.viewer, _chosen(request))
    rows = queries.given(request.viewer, owner)
    showings = queries.showings(request.viewer, owner)
    form = request.GET.get("form", "")
    if form in ("csv", "json"):
        told = queries.disclosed(request.viewer, rows[:MOST], request.now)
        return (_csv if form == "csv" else _json)(
            told, list(showings[:MOST]), proofs=owner is not None, now=request.now
        )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "told": queries.disclosed(request.viewer, page.object_list, request.now),
        "showings": showings[:SHOWN],
        "agreements": naming.agreements(request.viewer, request.now),
        "chosen": owner,
        "crumbs": [(labels.BOARD, reverse("introductions:board"))],
    }
    return render(request, "introductions/disclosures.html", context)


def _chosen(request: Request) -> UUID | None:
    try:
        return UUID(request.GET.get("organisation", ""))
    except ValueError:
        return None


def _row(each: Disclosure) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(),
        "to": " ".join(each.to),
        "record": str(each.record),
        "title": titled(each.reading).text if each.reading else "",
        "kind": each.kind,
        "revision": each.revision,
        "languages": " ".join(each.languages),
        "parts": " ".join(each.parts),
        "tlp": each.tlp,
        "agreement": each.agreement,
        "clause": each.clause,
        "log": each.channel,
        "index": each.index,
        "received": each.received.isoformat() if each.received else "",
    }


def _showing(each: Showing) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(),
        "record": f"{each.origin}/{each.record}",
        "revision": each.revision,
        "part": each.part,
        "to": str(each.to or "managers"),
        "language": each.language,
        "agreement": each.agreement,
        "clause": each.clause,
    }


def _csv(told: Iterable[Disclosure], showings: list[Showing], *, proofs: bool, now: datetime) -> HttpResponse:
    """Both lists in one table; the proofs are in the JSON. What a spreadsheet would compute is quoted."""
    rows = [{"what": "given", **_row(each)} for each in told]
    rows += [{"what": "shown", **_showing(each)} for each in showings]
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["what"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows([{name: _safe(value) for name, value in row.items()} for row in rows])
    return _file(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "disclosures.csv")


def _json(
    told: Iterable[Disclosure], showings: list[Showing], *, proofs: bool, now: datetime
) -> HttpResponse:
    """With the proof of each record that is still there, as `kakehashi verify` reads it."""
    told = list(told)
    found = {
        "given": [_row(each) for each in told],
        "shown": [_showing(each) for each in showings],
        "proofs": _proofs(told, now) if proofs else {},
    }
    data = orjson.dumps(found, option=orjson.OPT_INDENT_2)
    return _file(data, "application/json", "disclosures.json")


def _proofs(told: list[Disclosure], now: datetime) -> dict[str, str]:
    """{record: bundle in base64} of what the logs still prove."""
    made: dict[str, str] = {}
    for each in told:
        if str(each.record) in made or len(made) >= PROVEN:
            continue
        try:
            bundle = proving.prove(
                WORKER, each.channel.split("/")[0], each.record, now, agreement=each.agreement
            )
        except KakehashiError:  # withdrawn long ago: the log keeps its header, and nothing to show
            continue
        made[str(each.record)] = base64.b64encode(bundle).decode()
    return made


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
