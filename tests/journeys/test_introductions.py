"""From a Bavarian offer to an outcome that both confirm, a reasoned no, a withdrawal: on two nodes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import TRIES, Visitor
from tests.supervisor import Bridge

OFFERS = 'a[href*="/records/munich.example/"]'


@pytest.fixture
def people(bridge: Bridge, visitor: Callable[..., Visitor]) -> tuple[Page, Page, Page]:
    """A member and the manager in Osaka, the manager in Munich, who answers for the owner."""
    asker, osaka, munich = visitor(), visitor(), visitor()
    asker.sign_in(bridge.osaka, "member", "osaka", "ja")
    osaka.sign_in(bridge.osaka, "manager", "osaka", "ja")
    munich.sign_in(bridge.munich, "manager", "munich", "de")
    return asker.page, osaka.page, munich.page


def wait(page: Page, address: str, words: str) -> None:
    """Look again until the other node has heard of it."""
    for _ in range(TRIES):
        page.goto(address)
        if words in page.inner_text("main"):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{words} is not on {address}:\n{page.inner_text('main')}")


def ask(bridge: Bridge, asker: Page, osaka: Page, number: int) -> str:
    """The member asks about one of Munich's offers, its cluster lets it pass; gives the thread's path."""
    asker.goto(f"{bridge.osaka}/ja/records/offers/?side=munich")
    path = asker.locator(OFFERS).nth(number).get_attribute("href")
    asker.goto(f"{bridge.osaka}{path}")
    asker.get_by_role("link", name="紹介を始める").click()
    asker.get_by_label("ライセンス", exact=True).check()
    asker.get_by_label(re.compile("何を知りたいですか")).fill("毒性試験の結果はありますか。")
    asker.get_by_label(re.compile("自己紹介")).fill("大阪で医薬品を開発しています。")
    asker.get_by_label(re.compile("担当者")).fill("山田花子")
    asker.get_by_role("button", name="所属クラスターに提出する").click()
    expect(asker.locator("main")).to_contain_text("依頼側クラスターで確認中")
    thread = asker.url.removeprefix(f"{bridge.osaka}/ja/")
    osaka.goto(f"{bridge.osaka}/ja/{thread}")
    osaka.get_by_role("button", name="依頼をパートナーに取り次ぐ").click()
    expect(osaka.locator("main")).to_contain_text("掲載側クラスターで確認中")
    return thread


def step(page: Page, summary: str, button: str) -> None:
    """Open a step that is not the next one, and take it."""
    page.locator("details > summary", has_text=summary).click()
    page.get_by_role("button", name=button, exact=True).click()


def test_from_an_offer_to_an_outcome_that_both_sides_confirm(
    bridge: Bridge, people: tuple[Page, Page, Page]
) -> None:
    asker, osaka, munich = people
    thread = ask(bridge, asker, osaka, 0)
    here, there = f"{bridge.osaka}/ja/{thread}", f"{bridge.munich}/de/{thread}"
    wait(munich, there, "毒性試験の結果はありますか。")
    assert "山田花子" not in munich.content()  # nobody's name before both have said yes
    munich.get_by_role("button", name="Anfrage der Organisation vorlegen").click()
    munich.get_by_label(re.compile("Ansprechperson")).fill("Erika Muster")
    munich.get_by_role("button", name="Ja, Kontakt herstellen").click()
    wait(asker, here, "Erika Muster")
    wait(munich, there, "山田花子")
    asker.get_by_label(re.compile("開始日時")).fill("2027-02-01T17:00")
    asker.get_by_role("button", name="面談を設定する").click()
    wait(munich, there, "1. Februar 2027, 09:00–10:00")
    munich.locator("details > summary", has_text="Ergebnis melden").click()
    munich.get_by_label("Forschungsvereinbarung").check()
    munich.get_by_role("button", name="Ergebnis melden").click()
    wait(asker, here, "成果を確認する")
    asker.get_by_role("button", name="成果を確認する").click()
    expect(asker.locator("main")).to_contain_text("成果を双方が確認")
    wait(munich, there, "Ergebnis bestätigt")


def test_a_no_reaches_the_asker_with_its_reason_in_japanese(
    bridge: Bridge, people: tuple[Page, Page, Page]
) -> None:
    asker, osaka, munich = people
    thread = ask(bridge, asker, osaka, 1)
    wait(munich, f"{bridge.munich}/de/{thread}", "毒性試験の結果はありますか。")
    munich.locator("details > summary", has_text="Nein, mit einem Grund").click()
    munich.get_by_label("Derzeit keine Kapazität").check()
    munich.get_by_role("button", name="Nein, mit einem Grund").click()
    wait(asker, f"{bridge.osaka}/ja/{thread}", "現在対応できる余力がない")


def test_a_question_that_is_withdrawn_in_between_is_gone_on_the_other_side(
    bridge: Bridge, people: tuple[Page, Page, Page]
) -> None:
    asker, osaka, munich = people
    thread = ask(bridge, asker, osaka, 2)
    there = f"{bridge.munich}/de/{thread}"
    wait(munich, there, "毒性試験の結果はありますか。")
    asker.goto(f"{bridge.osaka}/ja/{thread}")
    step(asker, "依頼を取り下げる", "依頼を取り下げる")
    wait(munich, there, "Die Anfrage ist zurückgezogen")
    assert "毒性試験の結果はありますか。" not in munich.content()
