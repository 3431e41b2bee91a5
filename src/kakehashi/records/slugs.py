"""Addresses of lists: each kind's slug, and the list of one side."""

from django.urls import reverse

SLUGS = {
    "offer": "offers",
    "request": "requests",
    "development": "developments",
    "academic": "academics",
    "practice": "practices",
}
KIND_OF = {slug: kind for kind, slug in SLUGS.items()}


def listing_address(kind: str, side: str = "") -> str:
    """Where records of this kind are listed, of one side if it is given."""
    path = reverse("records:list", args=[SLUGS[kind]]) if kind in SLUGS else reverse("records:organisations")
    return f"{path}?side={side}" if side else path
