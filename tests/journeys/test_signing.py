"""Both managers sign: a proposal from Munich is signed on both sides, and records begin to cross."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitor
from tests.two_nodes.nodes import Running, two_nodes


@pytest.fixture
def unsigned(tmp_path: Path) -> Iterator[Running]:
    """Two nodes that know each other and have no agreement; each has published an offer."""
    with two_nodes(tmp_path, agreed=False) as running:
        for side, name, region in (("munich", "Isar", "DE-BY"), ("osaka", "なにわ", "JP-27")):
            running.do(side, "introduce")
            running.do(side, "people")
            running.do(side, "publish", name=name, region=region)
        let_work(running)
        yield running


def let_work(running: Running) -> None:
    """What the workers of both nodes do, one thing after the other."""
    for action in ("follow", "deliver", "follow", "pull"):
        for side in ("munich", "osaka"):
            running.do(side, action)


def test_an_agreement_is_in_force_when_both_managers_have_signed(
    unsigned: Running, visitor: Callable[..., Visitor]
) -> None:
    here, there = (f"http://localhost:{unsigned.ports[side]}" for side in ("munich", "osaka"))
    munich, osaka = visitor(), visitor()
    munich.sign_in(here, "manager", "munich")
    osaka.sign_in(there, "manager", "osaka")

    munich.page.goto(f"{here}/en/")
    expect(munich.page.get_by_text("No agreement is in force.")).to_be_visible()
    munich.page.goto(f"{here}/en/agreements/all/")
    munich.page.get_by_role("link", name="Demonstration node Osaka").click()
    munich.page.get_by_role("link", name="Propose an agreement").click()
    munich.page.get_by_role("button", name="Write the draft").click()
    munich.page.get_by_role("button", name="Sign now").click()
    expect(munich.page.get_by_text("This side has signed.")).to_be_visible()

    let_work(unsigned)
    osaka.page.goto(f"{there}/en/agreements/all/")
    osaka.page.get_by_role("link", name="Agreement on transnational cooperation").click()
    osaka.page.get_by_role("link", name="Inspect and sign").click()
    osaka.page.get_by_role("button", name="Sign now").click()

    let_work(unsigned)
    for each, base, crossed in ((munich, here, "なにわ 0"), (osaka, there, "Isar 0")):
        each.page.goto(f"{base}/en/")
        for words in ("The agreement is in force until", "All from Munich", "All from Osaka"):
            expect(each.page.get_by_text(words).first).to_be_visible()
        each.page.goto(f"{base}/en/records/offers/")
        expect(each.page.get_by_text(crossed, exact=True)).to_be_visible()
