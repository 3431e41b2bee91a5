"""A mission on two nodes: planned in Munich, joined from Osaka, computed, held, and gone on with."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.browser import TRIES, Visitor
from tests.supervisor import Bridge

TITLE = "Bavarian-Kansai Day on Antibodies"
MISSION = f"a:has-text('{TITLE}')"
LINES = {
    "city": "Martinsried",
    "zone": "Europe/Berlin",
    "days": "2031-10-08 09:30-12:00",
    "breaks": "10:30-10:45 Coffee",
    "tables": "1\n2",
    "interpreters": "JA/DE; ja, de",
}


def until(page: Page, address: str, selector: str) -> None:
    """Open a page again and again until it shows what the other node, or the worker, has to say."""
    for _ in range(TRIES):
        page.goto(address)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{address} never showed {selector}:\n{page.inner_text('main')}")


def enter(page: Page, mission: str, organisation: str, language: str) -> None:
    """Enter one organisation; leaves the page at its wishes."""
    page.goto(f"{mission}join/")
    option = page.locator(f"[name=organisation] option:has-text('{organisation}')").first
    page.select_option("[name=organisation]", option.get_attribute("value"))
    page.check(f"[name=languages][value={language}]")
    page.click("main form button.main")
    page.wait_for_url(re.compile("/wishes/"))


def test_a_mission_goes_from_wishes_to_an_introduction(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    munich, osaka = visitor(), visitor()
    munich.sign_in(bridge.munich, "manager", "munich")
    osaka.sign_in(bridge.osaka, "manager", "osaka")
    host, guest = munich.page, osaka.page
    for page in (host, guest):
        page.set_default_timeout(120_000)

    host.goto(f"{bridge.munich}/en/missions/new/")
    host.fill("[name=title]", TITLE)
    for name, words in LINES.items():
        host.fill(f"[name={name}]", words)
    host.click("main form button.main")
    host.wait_for_url(re.compile(r"/missions/munich\.example/"))
    here = host.url
    there = here.replace(bridge.munich, bridge.osaka)
    enter(host, here, "Mikrogen", "de")
    wishes_here = host.url

    until(guest, f"{bridge.osaka}/en/missions/", MISSION)
    enter(guest, there, "Takeda", "ja")
    wishes_there = guest.url
    until(guest, wishes_there, "legend:has-text('Mikrogen')")
    guest.select_option("[name=priority-0]", "3")
    guest.fill("[name=why-0]", "Their assay for our trial")
    guest.click("form.wishes button.main")

    until(host, wishes_here, "text=Their assay for our trial")
    host.select_option("[name=priority-0]", "3")
    host.click("form.wishes button.main")
    host.wait_for_url(here)
    host.get_by_role("button", name="Compute the schedule").click()
    proven = "text=It is proven that no schedule can fulfil the wishes better."
    host.locator(proven).wait_for()  # the page asks by itself until it is there

    until(guest, there, "table.talks")
    rows = [page.locator("table.talks tbody tr").all_inner_texts() for page in (host, guest)]
    assert [len(each) for each in rows] == [1, 1]
    for row in (rows[0][0], rows[1][0]):
        assert all(words in row for words in ("Mikrogen", "Takeda", "JA/DE", "09:30–09:55"))
    assert "at home" in rows[1][0]  # half past four in the afternoon in Osaka

    guest.get_by_role("link", name=re.compile("^Sheet of .*Takeda")).click()
    guest.get_by_role("link", name=re.compile("^What came of the talk with Mikrogen")).click()
    note = guest.url
    guest.fill("[name=said]", "We agreed on a trial with twenty samples.")
    guest.fill("[name=next]", "Which samples do you need?")
    guest.check("[name=go_on]")
    guest.click("main form button.main")
    guest.get_by_role("link", name="Make it an introduction").click()
    assert guest.input_value("[name=questions]") == "Which samples do you need?"
    guest.locator("[name=cooperation]").first.check()
    guest.fill("[name=name]", "Hanako Yamada")
    guest.click("main form button.main")
    guest.wait_for_url(re.compile("/introductions/osaka.example/"))

    company = note.rstrip("/").split("/")[-3]
    mine = wishes_here.rstrip("/").split("/")[-1]
    until(
        host, f"{here}talk/{mine}/osaka.example/{company}/", "text=We agreed on a trial with twenty samples."
    )
