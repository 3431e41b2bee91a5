"""The masthead's links: pages in the order in which they stand there."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAGES = [
    ("home", _("Bridge")),
    ("matching:search", _("Search")),
    ("matching:matches", _("Matches")),
    ("records:organisations", _("Organisations")),
    ("agreements:list", _("Agreement")),
    ("exchange:partners", _("Exchange")),
]


@dataclass(frozen=True)
class Item:
    """One entry as the template shows it."""

    name: str
    address: str
    current: bool


def pages(request: HttpRequest) -> list[Item]:
    """The main entries."""
    return _items(request, PAGES)


def _items(request: HttpRequest, entries: list[tuple[str, Promise]]) -> list[Item]:
    items = []
    for name, label in entries:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        current = request.path == address if name == "home" else request.path.startswith(address)
        items.append(Item(str(label), address, current))
    return items
