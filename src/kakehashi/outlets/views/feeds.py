"""Atom and JSON Feed of this node's public records, in the language of the address; `?kind=`, `?topic=`."""

import hashlib
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.outlets import atom as atoms
from kakehashi.outlets import json_feed as jsons
from kakehashi.outlets import queries
from kakehashi.outlets.feed import Entry, Feed, Said
from kakehashi.records import labels
from kakehashi.records.kinds import KINDS
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled
from kakehashi.records.topics import TOPICS
from kakehashi.translation.labels import origin
from kakehashi.translation.texts import pick
from kakehashi.ui.languages import reader_language

PER_PAGE = 30


@require_safe
def atom(request: Request) -> HttpResponseBase:
    """RFC 4287 with the pages of RFC 5005."""
    return _answer(request, atoms.atom(_feed(request, "outlets:atom")), atoms.TYPE)


@require_safe
def json(request: Request) -> HttpResponseBase:
    """JSON Feed 1.1."""
    return _answer(request, jsons.json_feed(_feed(request, "outlets:json")), jsons.TYPE)


def _answer(request: Request, body: bytes, kind: str) -> HttpResponseBase:
    """With ETag and Last-Modified; 304 for those who have it already."""
    etag, changed = quote_etag(hashlib.sha256(body).hexdigest()[:32]), queries.last_stamp()
    seconds = int(changed.timestamp()) if changed else None
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"  # what is taken back shall be gone at the next look
    response.headers["ETag"] = etag
    if seconds:
        response.headers["Last-Modified"] = http_date(seconds)
    return get_conditional_response(request, etag, seconds, response) or response


def _feed(request: Request, name: str) -> Feed:
    kind, topic = request.GET.get("kind", ""), request.GET.get("topic", "")
    if (kind and kind not in KINDS) or (topic and topic not in TOPICS):
        raise Http404("no such feed")
    rows = queries.newest(request.now, kind=kind, topic=topic).defer("person")
    page, lang, node = (
        _page(Paginator(rows, PER_PAGE), request.GET.get("page", "1")),
        reader_language(),
        this.node(),
    )
    chosen = {key: value for key, value in (("kind", kind), ("topic", topic)) if value}

    def address(number: int) -> str:
        query = urlencode({**chosen, **({"page": number} if number > 1 else {})})
        return request.build_absolute_uri(f"{reverse(name)}{'?' if query else ''}{query}")

    title = node.title.get(lang) or next(iter(node.title.values()))
    return Feed(
        title=" · ".join([title, *_narrowed(kind, topic, lang)]),
        subtitle=_("This node’s own public records, the last changed first."),
        lang=lang,
        author=title,
        home=request.build_absolute_uri(reverse("home")),
        address=address(page.number),
        first=address(1),
        last=address(page.paginator.num_pages),
        previous=address(page.number - 1) if page.has_previous() else "",
        next=address(page.number + 1) if page.has_next() else "",
        entries=tuple(_entry(request, reading, lang, title) for reading in page),
    )


def _page(paginator: "Paginator[Reading]", number: str) -> "Page[Reading]":
    try:
        return paginator.page(number)
    except (EmptyPage, PageNotAnInteger):
        raise Http404("no such page") from None


def _narrowed(kind: str, topic: str, lang: str) -> list[str]:
    words = [str(labels.KINDS[kind])] if kind else []
    return [*words, TOPICS[topic][lang]] if topic else words


def _entry(request: Request, reading: Reading, lang: str, node: str) -> Entry:
    body, name = reading.body, titled(reading)
    title, summary = pick(body.get("title"), lang), pick(body["summary"], lang)
    provenance = reading.provenance != "posted" and labels.PROVENANCES.get(reading.provenance)
    return Entry(
        record=reading.record,
        address=request.build_absolute_uri(reverse("records:record", args=[reading.origin, reading.record])),
        title=Said(title.text, title.bcp47) if title else Said(name.text, name.lang),
        summary=Said(summary.text, summary.bcp47) if summary else Said("", lang),
        author=reading.owner_name or (name.text if reading.kind == "organisation" else node),
        published=reading.published_at or reading.changed_at,
        updated=reading.changed_at,
        notes=tuple(
            note for note in (origin(summary, lang) if summary else "", str(provenance or "")) if note
        ),
        tags=(
            (reading.kind, str(labels.KIND[reading.kind])),
            *((code, TOPICS[code][lang]) for code in body.get("topics", []) if code in TOPICS),
        ),
    )
