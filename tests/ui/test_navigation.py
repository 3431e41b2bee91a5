"""The masthead marks where the reader is."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from kakehashi.ui.navigation import pages


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/de/", [("Brücke", "page")]),
        ("/de/records/offers/", [("Einträge", "page")]),
        ("/de/records/practices/", [("Einträge", "true")]),
        ("/de/organisations/", [("Organisationen", "page")]),
        ("/de/agreements/abc/sign/", [("Vereinbarung", "true")]),
        ("/de/settings/", []),
    ],
)
def test_the_present_page_or_its_section_is_marked(path: str, marked: list[tuple[str, str]]) -> None:
    with override("de"):
        items = pages(RequestFactory().get(path))
    assert [(item.name, item.current) for item in items if item.current] == marked
