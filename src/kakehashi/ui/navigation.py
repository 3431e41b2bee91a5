"""The main navigation: names of pages in the order in which they stand in the masthead."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

ITEMS = [
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


def navigation(request: HttpRequest) -> list[Item]:
    """The entries for this request; the one whose address begins the present path is current."""
    items = []
    for name, label in ITEMS:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        current = request.path == address if name == "home" else request.path.startswith(address)
        items.append(Item(str(label), address, current))
    return items
