"""A reader who types German finds a Kansai request, and reads its Japanese original."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.browser import Visitor
from tests.supervisor import Bridge


def test_a_german_query_finds_a_japanese_request_while_it_is_typed(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    page = visitor().page
    page.goto(f"{bridge.munich}/de/")
    page.get_by_role("searchbox").fill("Wirkstoffe aus Nukleinsäuren")
    page.get_by_role("button", name="Suchen").click()
    page.wait_for_url("**/de/search/**")
    page.get_by_role("combobox", name="Art").select_option(label="Gesuche")
    page.wait_for_url("**kind=request**")
    page.get_by_role("combobox", name="Seite").select_option(label="Osaka")
    page.wait_for_url("**side=osaka**")
    page.get_by_role("searchbox").press_sequentially(" und Peptiden", delay=20)
    page.wait_for_url("**Peptiden**")  # nobody has pressed Enter
    answer = page.get_by_role("link", name=re.compile("Gesucht: Technik für mittelgroße Moleküle"))
    answer.first.click()

    page.wait_for_url("**/records/osaka.example/**")
    assert "mittelgroße Moleküle" in page.inner_text("h1")
    original = page.locator("main [lang=ja]", has_text="中分子")
    expect(original.first).to_be_visible()
    page.get_by_text("Japanisches Original lesen").first.click()
    expect(page.locator("details[open] [lang=ja]").first).to_be_visible()


def test_the_language_can_be_changed_without_losing_the_place(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    page = visitor().page
    page.goto(f"{bridge.osaka}/de/search/?q=iPS&side=osaka")
    page.get_by_role("link", name="日本語").click()
    page.wait_for_url(f"{bridge.osaka}/ja/search/?q=iPS&side=osaka")
    assert page.get_attribute("html", "lang") == "ja"
    assert page.get_by_role("searchbox").input_value() == "iPS"
    page.goto(f"{bridge.osaka}/")
    assert page.url == f"{bridge.osaka}/ja/"
