"""Every page, in every language: axe finds nothing, nothing overflows, nothing is loaded from elsewhere."""

import os
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.browser import NARROW, WIDE, Visitor
from tests.journeys.pages import pages
from tests.supervisor import Bridge

LANGUAGES = ("de", "ja", "en")
View: TypeAlias = tuple[Literal["light", "dark"], tuple[int, int]]
VIEWS: list[View] = [("light", WIDE), ("dark", NARROW), ("dark", WIDE), ("light", NARROW)]
# In the suite each page is judged by axe in one of the languages, in turn, and measured in those whose words
# are long or do not break; each language has a scheme and a width of its own. `make accessible` judges
# everything everywhere.
SHORT: dict[str, list[View]] = {"de": VIEWS[3:], "ja": VIEWS[1:2], "en": VIEWS[2:3]}
TIGHT = ("de", "ja")
LONG = os.environ.get("KAKEHASHI_LONG") == "1"
ONLY_FAULTS = {"resultTypes": ["violations"]}  # a quarter less work than telling all that is well
REFLOW = (320, 800)  # WCAG 2.2, 1.4.10: what 400 % zoom leaves of 1280 pixels
OVERFLOW = """() => {
  const most = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= most) return []
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > most + 1)
    .slice(0, 5).map(e => e.outerHTML.slice(0, 160))
}"""
UNMARKED = """() => [...document.querySelectorAll('main :not(script, textarea)')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /[\\u3040-\\u30ff]/.test(n.data)))
  .filter(e => !e.closest('[lang]').lang.startsWith('ja'))
  .map(e => e.outerHTML.slice(0, 160))"""


def faults(page: Page, axe: Axe) -> list[str]:
    """What axe and the eye would find wrong with the page as it stands, in words."""
    found: list[dict[str, Any]] = axe.run(page, options=ONLY_FAULTS).response["violations"]
    return [f"{v['id']}: {node['html'][:160]} {node['target']}" for v in found for node in v["nodes"]]


def look(page: Page, axe: Axe, views: list[View]) -> list[str]:
    """What axe says of the page in these schemes and widths, and what is too wide where it may get narrow."""
    wrong = []
    for scheme, (width, height) in views:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{scheme}, {width} px: {fault}" for fault in faults(page, axe)]
    page.set_viewport_size({"width": REFLOW[0], "height": REFLOW[1]})
    wrong += [f"{REFLOW[0]} px: wider than the window: {element}" for element in page.evaluate(OVERFLOW)]
    wrong += [f"Japanese without lang: {element}" for element in page.evaluate(UNMARKED)]
    return wrong


FOUND: dict[str, list[tuple[str, str]]] = {}


def found(visitor: Visitor, base: str) -> list[tuple[str, str]]:
    """The pages that people of one node can click to, looked for once: they are the same in each language."""
    if base not in FOUND:
        FOUND[base] = sorted(pages(visitor.context, base, "en").items())
    return FOUND[base]


def problems(visitor: Visitor, base: str, language: str) -> list[str]:
    """All that is wrong; in the suite axe judges every third page, each language its own."""
    axe, wrong, turn = Axe(), [], LANGUAGES.index(language)
    for place, (name, path) in enumerate(found(visitor, base)):
        mine = place % len(LANGUAGES) == turn
        if language in TIGHT or mine or LONG:
            answer = visitor.page.goto(f"{base}/{language}/{path}")
            wrong += [] if answer and answer.ok else [f"{name} ({path}): there is no such page"]
            views = VIEWS if LONG else SHORT[language] if mine else []
            wrong += [f"{name} ({path}): {fault}" for fault in look(visitor.page, axe, views)]
    return wrong


@pytest.mark.parametrize("language", LANGUAGES if LONG else ("ja",))  # a manager sees the same pages and more
def test_every_page_of_a_stranger_is_accessible(
    bridge: Bridge, visitor: Callable[..., Visitor], language: str
) -> None:
    assert problems(visitor(), bridge.osaka, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_manager_is_accessible(
    bridge: Bridge, visitor: Callable[..., Visitor], language: str
) -> None:
    manager = visitor()
    manager.sign_in(bridge.munich, "manager", "munich", language)
    assert problems(manager, bridge.munich, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_page_is_accessible(bridge: Bridge, visitor: Callable[..., Visitor], language: str) -> None:
    stranger, axe = visitor(), Axe()
    for path in ("nowhere/", "people/"):
        stranger.page.goto(f"{bridge.munich}/{language}/{path}")
        assert look(stranger.page, axe, SHORT[language]) == []
