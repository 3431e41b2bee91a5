"""Lists of one kind, both sides next to each other."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kakehashi.accounts.request import Request
from kakehashi.records import labels, naming, queries
from kakehashi.records.kinds import EVENTS, TOPIC_CODES
from kakehashi.records.models import Reading
from kakehashi.records.slugs import KIND_OF, SLUGS
from kakehashi.records.topics import TOPICS
from kakehashi.ui.languages import reader_language

PER_PAGE = 12


@dataclass(frozen=True)
class Column:
    """One side of a list."""

    side: naming.Side
    count: int
    rows: list[Reading]


def listing(request: Request, kinds: str) -> HttpResponse:
    """All records of one kind; `?side=`, `?topic=`, `?event=`, `?page=`."""
    kind = KIND_OF.get(kinds)
    if kind is None:
        raise Http404(kinds)
    sides = naming.sides_with(queries.sides(request.viewer, request.now, kind))
    chosen = _chosen(request, kind, sides)
    shown = [side for side in sides if side.key == chosen["side"]] or sides
    pages = {
        side.key: Paginator(
            queries.listing(request.viewer, request.now, kind, **{**chosen, "side": side.key}), PER_PAGE
        )
        for side in shown
    }
    longest = max(pages.values(), key=lambda paginator: paginator.num_pages)
    page = longest.get_page(request.GET.get("page"))
    columns = [Column(side, pages[side.key].count, _rows(pages[side.key], page)) for side in shown]
    context = {
        "kind": kind,
        "title": labels.KINDS[kind],
        "slugs": [(slug, labels.KINDS[other]) for other, slug in SLUGS.items()],
        "slug": kinds,
        "chosen": chosen,
        "sides": sides,
        "topics": sorted(((code, _topic(code)) for code in TOPIC_CODES), key=lambda pair: pair[1]),
        "events": [(code, labels.EVENTS[code]) for code in EVENTS] if kind == "development" else [],
        "columns": columns,
        "page": page,
        "owners": queries.by_id(request.viewer, request.now, _owners(columns)),
    }
    template = "records/_columns.html" if request.htmx.target == "columns" else "records/list.html"
    return render(request, template, context)


def _chosen(request: Request, kind: str, sides: list[naming.Side]) -> dict[str, str]:
    """The filters that are set to something that exists."""
    asked = {name: request.GET.get(name, "") for name in ("side", "topic", "event")}
    return {
        "side": asked["side"] if asked["side"] in {side.key for side in sides} else "",
        "topic": asked["topic"] if asked["topic"] in TOPICS else "",
        "event": asked["event"] if kind == "development" and asked["event"] in EVENTS else "",
    }


def _rows(paginator: "Paginator[Reading]", page: "Page[Reading]") -> list[Reading]:
    """The rows of one side on the common page; none where this side has fewer pages."""
    return list(paginator.page(page.number)) if page.number <= paginator.num_pages else []


def _owners(columns: list[Column]) -> set[UUID]:
    return {row.owner for column in columns for row in column.rows if row.owner}


def _topic(code: str) -> str:
    return TOPICS[code][reader_language()]
