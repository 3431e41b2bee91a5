"""Both managers sign: a proposal from Munich is signed on both sides, and records begin to cross."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitor
from tests.supervisor import Bridge

TRIES = 240  # half a second each: the machine of the tests may be busy


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    """Two nodes that know each other and have no agreement."""
    with Bridge(tmp_path_factory.mktemp("unsigned") / "home", unsigned=True) as started:
        yield started


def wait_for(visitor: Visitor, address: str, words: str, *, within: str = "main") -> None:
    """Load a page again until it says so; the other node's message may be on its way."""
    page = visitor.page
    for _ in range(TRIES):
        page.goto(address)
        if page.locator(within).filter(has_text=words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{address} never said “{words}”: {page.inner_text('main')[:400]}")


def test_an_agreement_is_in_force_when_both_managers_have_signed(
    unsigned: Bridge, visitor: Callable[..., Visitor]
) -> None:
    munich, osaka = visitor(), visitor()
    munich.sign_in(unsigned.munich, "manager", "munich")
    osaka.sign_in(unsigned.osaka, "manager", "osaka")
    wait_for(munich, f"{unsigned.munich}/en/agreements/all/", "Demonstration node Osaka")

    munich.page.goto(f"{unsigned.munich}/en/")
    expect(munich.page.get_by_text("No agreement is in force.")).to_be_visible()
    munich.page.goto(f"{unsigned.munich}/en/agreements/all/")
    munich.page.get_by_role("link", name="Demonstration node Osaka").click()
    munich.page.get_by_role("link", name="Propose an agreement").click()
    munich.page.get_by_role("button", name="Write the draft").click()
    munich.page.get_by_role("button", name="Sign now").click()
    expect(munich.page.get_by_text("This side has signed.")).to_be_visible()

    wait_for(osaka, f"{unsigned.osaka}/en/agreements/all/", "Agreement on transnational cooperation")
    osaka.page.get_by_role("link", name="Agreement on transnational cooperation").click()
    osaka.page.get_by_role("link", name="Inspect and sign").click()
    osaka.page.get_by_role("button", name="Sign now").click()

    for visitor_, base in ((munich, unsigned.munich), (osaka, unsigned.osaka)):
        wait_for(visitor_, f"{base}/en/", "The agreement is in force until")
        wait_for(visitor_, f"{base}/en/", "All from Munich")
        wait_for(visitor_, f"{base}/en/", "All from Osaka")
        wait_for(visitor_, f"{base}/en/", "59", within=".ledger a")
