"""The keyboard alone is enough: everything can be reached, is seen when it has the focus, and works."""

from collections.abc import Callable

import pytest

from tests.journeys.browser import Visitor
from tests.supervisor import Bridge

MOST = 150
FOCUSED = """() => {
  const e = document.activeElement
  if (e === document.body) return null
  const box = e.getBoundingClientRect(), style = getComputedStyle(e)
  return {
    what: e.outerHTML.slice(0, 120),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      || [...e.querySelectorAll('circle')].some(c => parseFloat(getComputedStyle(c).strokeWidth) >= 3),
  }
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(e => e.type !== 'hidden' && !e.disabled && e.tabIndex >= 0 && e.checkVisibility()).length"""


def test_the_first_tab_leads_past_the_masthead(bridge: Bridge, visitor: Callable[..., Visitor]) -> None:
    page = visitor().page
    page.goto(f"{bridge.munich}/de/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["", "organisations/", "records/new/offer/", "agreements/"])
def test_each_control_takes_its_turn_and_is_seen(
    bridge: Bridge, visitor: Callable[..., Visitor], path: str
) -> None:
    editor = visitor()
    editor.sign_in(bridge.munich, "editor", "munich", "de")
    editor.page.goto(f"{bridge.munich}/de/{path}")
    wanted = min(editor.page.evaluate(REACHABLE), MOST)
    met = []
    for _ in range(wanted):
        editor.page.keyboard.press("Tab")
        focused = editor.page.evaluate(FOCUSED)
        if focused is None:
            break
        met.append(focused)
    assert [f["what"] for f in met if not f["seen"]] == []
    assert [f["what"] for f in met if not f["outlined"]] == []
    # A group of radio buttons takes one turn for all of them.
    assert len(met) >= wanted * 0.7


def test_a_reader_finds_and_opens_a_record_with_the_keyboard(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    page = visitor().page
    page.goto(f"{bridge.munich}/de/")
    page.focus("main input[type=search]")
    page.keyboard.type("Antisense-Oligonukleotide")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main h3 a, main h2 a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/**")
    assert page.locator("h1").inner_text()
