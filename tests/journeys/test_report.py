"""The ministry reads the report and follows a number to its evidence; both nodes report the same."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.browser import TRIES, Visitor
from tests.supervisor import Bridge


def tables(page: Page) -> list[str]:
    """The rows of what both nodes know: gifts, clauses, introductions, outcomes and missions."""
    found = page.locator(
        "section[aria-labelledby=given] tr, section[aria-labelledby=clauses] tr:not(:last-child)"
    )
    more = page.locator("section:is([aria-labelledby=introductions], [aria-labelledby=missions]) :is(tr, p)")
    return [re.sub(r"\s+", " ", text) for text in (*found.all_inner_texts(), *more.all_inner_texts())]


def test_both_nodes_report_the_same(bridge: Bridge, visitor: Callable[..., Visitor]) -> None:
    managers = {bridge.munich: visitor(), bridge.osaka: visitor()}
    for (base, manager), side in zip(managers.items(), ("munich", "osaka"), strict=True):
        manager.sign_in(base, "manager", side)
    said: list[list[str]] = []
    for _ in range(TRIES):  # what one has said a moment ago the other has not heard yet
        said = []
        for base, manager in managers.items():
            manager.page.goto(f"{base}/en/reports/")
            said.append(tables(manager.page))
        if said[0] == said[1]:
            break
        manager.page.wait_for_timeout(500)
    assert len(said[0]) > 12
    assert said[0] == said[1]


def test_a_ministry_follows_a_number_to_a_record_and_back(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    ministry = visitor()
    ministry.sign_in(bridge.munich, "reader", "munich", "de")
    page = ministry.page
    page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Bericht").click()
    expect(page.get_by_role("heading", name="Gegeben und erhalten")).to_be_visible()
    number = page.get_by_role("row", name=re.compile("Gesuche")).get_by_role("link").last
    count = number.inner_text()
    number.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(rf"^{count} Einträge wurden gegeben")
    )
    expect(page.locator("tbody tr")).to_have_count(int(count))
    page.locator("tbody tr th a").first.click()
    expect(page.locator("article[data-side=osaka] h1")).to_be_visible()
    page.go_back()
    page.get_by_role("navigation", name="Sie sind hier").get_by_role("link", name="Bericht").click()
    expect(page.get_by_role("link", name="Bericht als PDF")).to_be_visible()
