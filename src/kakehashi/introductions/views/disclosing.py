"""The disclosure log as a page, as CSV, and as JSON with proofs."""

import base64
import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
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


@login_required
@require_GET
def disclosures(request: Request) -> HttpResponseBase:
    """All of the log, or of `?organisation=` for managers, `?introduction=` NODE/RECORD or `?record=`.

    `?form=csv` or `json` to take it away.
    """
    owner, only = queries.whose(request.viewer, _uuid(request.GET.get("organisation", ""))), _only(request)
    rows = queries.given(request.viewer, owner, only)
    showings = queries.showings(request.viewer, owner, only)
    form = request.GET.get("form", "")
    if form in ("csv", "json"):
        told = queries.disclosed(request.viewer, rows[:MOST], request.now)
        shown = list(showings[:MOST])
        return _csv(told, shown) if form == "csv" else _json(told, shown, request.now)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "told": queries.disclosed(request.viewer, page.object_list, request.now),
        "showings": showings[:SHOWN],
        "agreements": naming.agreements(request.viewer, request.now),
        "kept": _kept(request),
        "crumbs": [(labels.BOARD, reverse("introductions:board"))],
    }
    return render(request, "introductions/disclosures.html", context)


def _only(request: Request) -> list[UUID] | None:
    """The records of the introduction, or the one, that is asked for; None for all of them."""
    if asked := request.GET.get("introduction", ""):
        asker, _slash, interest = asked.rpartition("/")
        found = queries.one(request.viewer, asker, _uuid(interest) or UUID(int=0), request.now)
        return queries.concerned(found)
    record = _uuid(request.GET.get("record", ""))
    return [record] if record else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _kept(request: Request) -> str:
    """What the list is narrowed to, carried on in the addresses of its files."""
    names = ("organisation", "introduction", "record")
    return urlencode({name: request.GET[name] for name in names if name in request.GET})


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


def _csv(told: Iterable[Disclosure], showings: list[Showing]) -> HttpResponse:
    """Both lists in one table; the proofs are in the JSON. What a spreadsheet would compute is quoted."""
    rows = [{"what": "given", **_row(each)} for each in told]
    rows += [{"what": "shown", **_showing(each)} for each in showings]
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["what"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows([{name: _safe(value) for name, value in row.items()} for row in rows])
    return _file(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "disclosures.csv")


def _json(told: list[Disclosure], showings: list[Showing], now: datetime) -> StreamingHttpResponse:
    """With the proof of each record that is still there, as `kakehashi verify` reads it.

    It is sent while it is made: the proofs of a whole cluster take their time.
    """
    found = {"given": [_row(each) for each in told], "shown": [_showing(each) for each in showings]}
    head = orjson.dumps(found).removesuffix(b"}") + b',"proofs":{'
    answer = StreamingHttpResponse(_pieces(head, told, now), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="disclosures.json"'
    return answer


def _pieces(head: bytes, told: list[Disclosure], now: datetime) -> Iterator[bytes]:
    """The file piece by piece: {record: {agreement: bundle in base64}} of what the logs still prove."""
    yield head
    ways: dict[UUID, set[tuple[str, str]]] = {}
    for each in told:
        ways.setdefault(each.record, set()).add((each.channel.split("/")[0], each.agreement))
    comma = b""
    for record, found in ways.items():
        proofs = {agreement: _proof(origin, record, agreement, now) for origin, agreement in sorted(found)}
        if made := {agreement: proof for agreement, proof in proofs.items() if proof}:
            yield comma + orjson.dumps(str(record)) + b":" + orjson.dumps(made)
            comma = b","
    yield b"}}"


def _proof(origin: str, record: UUID, agreement: str, now: datetime) -> str:
    try:
        return base64.b64encode(proving.prove(WORKER, origin, record, now, agreement=agreement)).decode()
    except KakehashiError:  # withdrawn long ago: the log keeps its header, and nothing to show
        return ""


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
