"""The masthead's links: pages in the order in which they stand there."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

PAGES = [
    ("home", [], _("Bridge")),
    ("matching:search", [], _("Search")),
    ("matching:matches", [], _("Matches")),
    ("introductions:board", [], _("Introductions")),
    ("records:list", ["offers"], _("Records")),
    ("records:organisations", [], _("Organisations")),
    ("missions:index", [], _("Missions")),
    ("reports:latest", [], _("Report")),
    ("agreements:list", [], _("Agreement")),
    ("exchange:partners", [], _("Exchange")),
]
OF_MEMBERS = ("introductions:board",)  # nobody else has any


@dataclass(frozen=True)
class Item:
    """One entry as the template shows it; `current` is "page" or "true" (a page below it) or empty."""

    name: str
    address: str
    current: str


def pages(request: HttpRequest) -> list[Item]:
    """The main entries."""
    items = []
    viewer = getattr(request, "viewer", None)
    for name, arguments, label in PAGES:
        if name in OF_MEMBERS and not (viewer and viewer.is_member):
            continue
        address = reverse(name, args=arguments)
        items.append(Item(str(label), address, _current(request.path, address)))
    return items


def _current(path: str, address: str) -> str:
    """Whether a path is the entry's own page, or belongs to its section: /de/records/…"""
    if path == address:
        return "page"
    language, section = address.split("/")[1:3]
    return "true" if section and path.startswith(f"/{language}/{section}/") else ""
