"""Both nodes of a demonstration share one host, and so one jar of cookies: each must keep to its own."""

from collections.abc import Callable

from tests.journeys.browser import Visitor
from tests.supervisor import Bridge


def test_one_browser_signs_in_to_both_nodes_and_out_of_one(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    somebody = visitor()
    page = somebody.page
    somebody.sign_in(bridge.munich, "manager", "munich")
    somebody.sign_in(bridge.osaka, "editor", "osaka")
    for base, name in ((bridge.munich, "manager@munich.example"), (bridge.osaka, "editor@osaka.example")):
        page.goto(f"{base}/en/settings/")
        assert name in page.inner_text("nav.you")

    page.goto(f"{bridge.munich}/en/settings/")
    page.click("nav.you button")
    page.wait_for_url(f"{bridge.munich}/en/")
    assert "You are signed out." in page.inner_text("main")
    assert "Sign in" in page.inner_text("nav.you")

    page.goto(f"{bridge.osaka}/en/settings/")
    assert "editor@osaka.example" in page.inner_text("nav.you")
    assert "You are signed out." not in page.inner_text("main")


def test_each_node_remembers_the_language_chosen_there(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    page = visitor().page
    page.goto(f"{bridge.munich}/de/")
    page.goto(f"{bridge.osaka}/ja/")
    for base, language in ((bridge.munich, "de"), (bridge.osaka, "ja")):
        page.goto(f"{base}/")
        assert page.url == f"{base}/{language}/"


def test_no_cookie_of_one_node_bears_a_name_of_the_other(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    names: list[set[str]] = []
    for base, side in ((bridge.munich, "munich"), (bridge.osaka, "osaka")):
        somebody = visitor()
        somebody.sign_in(base, "reader", side)
        somebody.page.goto(f"{base}/en/settings/")
        names.append({str(cookie["name"]) for cookie in somebody.context.cookies()})
        assert {f"{kind}_{side}-example" for kind in ("session", "csrf", "language")} <= names[-1]
    assert not names[0] & names[1]
