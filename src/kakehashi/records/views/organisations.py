"""The directory of organisations, found as one types, and on a map of both regions."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from kakehashi.accounts.request import Request
from kakehashi.records import labels, naming, queries
from kakehashi.records.cities import city_names, forms
from kakehashi.records.directory import Dot, dots, matches, sort_key
from kakehashi.records.kinds import ORGANISATION_TYPES
from kakehashi.records.models import Reading
from kakehashi.records.outlines import drawn, outlines
from kakehashi.records.slugs import SLUGS
from kakehashi.ui.languages import reader_language

PER_PAGE = 20
TYPED_LIMIT = 200


@dataclass(frozen=True)
class Region:
    """One side of the directory: its map and its organisations."""

    side: naming.Side
    count: int
    rows: list[Reading]
    width: int
    height: int
    paths: dict[str, str]
    dots: list[Dot]


def organisations(request: Request) -> HttpResponse:
    """All organisations of both sides; `?q=`, `?city=`, `?type=`, `?side=`, `?page=`."""
    every = list(queries.organisations(request.viewer, request.now).defer("person"))
    known = naming.sides_with(row.side for row in every)
    chosen = _chosen(request, known)
    found = [row for row in every if _fits(row, chosen)]
    lang = reader_language()
    found.sort(key=lambda row: sort_key(row.body, lang))
    sides = [side for side in known if chosen["side"] in ("", side.key)]
    pages = {side.key: Paginator([r for r in found if r.side == side.key], PER_PAGE) for side in sides}
    page = max(pages.values(), key=lambda p: p.num_pages).get_page(request.GET.get("page"))
    context = {
        "slugs": [(slug, labels.KINDS[kind]) for kind, slug in SLUGS.items()],
        "chosen": chosen,
        "cities": city_names(chosen["city"]) or {"en": chosen["city"]},
        "regions": [_region(side, every, pages[side.key], page.number) for side in sides],
        "types": [(code, labels.ORGANISATION_TYPES[code]) for code in ORGANISATION_TYPES],
        "type_names": labels.ORGANISATION_TYPES,
        "page": page,
        "count": len(found),
    }
    template = (
        "records/_directory.html" if request.htmx.target == "directory" else "records/organisations.html"
    )
    return render(request, template, context)


def _chosen(request: Request, sides: list[naming.Side]) -> dict[str, str]:
    asked = {name: request.GET.get(name, "")[:TYPED_LIMIT].strip() for name in ("q", "city", "type", "side")}
    if asked["side"] not in {side.key for side in sides}:
        asked["side"] = ""
    if asked["type"] not in ORGANISATION_TYPES:
        asked["type"] = ""
    return asked


def _fits(row: Reading, chosen: dict[str, str]) -> bool:
    if chosen["type"] and row.body["type"] != chosen["type"]:
        return False
    if chosen["city"] and row.body.get("city") not in forms(chosen["city"]):
        return False
    return matches(chosen["q"], row.body)


def _region(side: naming.Side, every: list[Reading], pages: "Paginator[Reading]", number: int) -> Region:
    bodies = [row.body for row in every if row.side == side.key]
    codes = tuple(sorted({body["region"] for body in bodies} & outlines().keys()))
    frame, paths = drawn(_whole(codes)) if codes else (None, {})
    rows = list(pages.page(number)) if number <= pages.num_pages else []
    return Region(
        side=side,
        count=pages.count,
        rows=rows,
        width=frame.width if frame else 0,
        height=frame.height if frame else 0,
        paths=paths,
        dots=dots(bodies, frame, _city_name) if frame else [],
    )


def _city_name(city: str) -> str:
    return city_names(city).get(reader_language(), city)


def _whole(codes: tuple[str, ...]) -> tuple[str, ...]:
    """All drawn regions of the countries that these belong to: Kansai is shown whole."""
    countries = {code[:2] for code in codes}
    return tuple(sorted(code for code in outlines() if code[:2] in countries))
