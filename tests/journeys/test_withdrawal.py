"""A record is withdrawn on one side and gone on the other."""

import re
from collections.abc import Callable

from tests.journeys.browser import TRIES, Visitor
from tests.supervisor import Bridge

TITLE = "Tubulis"


def test_a_record_that_munich_withdraws_is_gone_in_osaka(
    bridge: Bridge, visitor: Callable[..., Visitor]
) -> None:
    editor, reader = visitor(), visitor()
    editor.sign_in(bridge.munich, "editor", "munich")
    editor.page.goto(f"{bridge.munich}/en/records/developments/")
    editor.page.get_by_role("link", name=re.compile(TITLE)).first.click()
    path = editor.page.url.removeprefix(f"{bridge.munich}/en/")

    there = reader.page.goto(f"{bridge.osaka}/ja/{path}")
    assert there is not None
    assert there.status == 200
    assert "Tubulis" in reader.page.inner_text("h1")

    editor.page.get_by_text("Withdraw", exact=True).click()
    editor.page.get_by_role("button", name="Yes, withdraw it").click()
    for _ in range(TRIES):
        there = reader.page.goto(f"{bridge.osaka}/ja/{path}")
        if there is not None and there.status == 404:
            break
        reader.page.wait_for_timeout(500)
    assert there is not None
    assert there.status == 404
    assert "ページが見つかりません" in reader.page.inner_text("h1")
    reader.page.goto(f"{bridge.osaka}/ja/")
    assert path not in reader.page.content()
