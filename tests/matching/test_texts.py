"""What is read of a record does not depend on how a database keeps its body."""

from itertools import permutations
from typing import Any

import pytest

from kakehashi.matching import texts

SAID = {"de": "Verträge mit Laboren", "ja": "研究室との契約", "en": "Contracts with laboratories"}
TITLE = {code: {"text": text, "origin": "original"} for code, text in SAID.items()}
ORGANISATION: dict[str, Any] = {
    "kind": "organisation",
    "lang": "de",
    "names": {"ja": "阪神バイオ", "en": "Hanshin"},
}


@pytest.mark.parametrize("order", list(permutations(SAID)), ids="-".join)
def test_the_order_of_languages_in_a_body_changes_nothing(order: tuple[str, ...]) -> None:
    """PostgreSQL sorts the keys of its JSON, SQLite keeps them as they came."""
    for body in (
        ORGANISATION | {"summary": TITLE},
        {"kind": "offer", "lang": "fr", "title": TITLE, "body": TITLE},
    ):
        turned = {
            key: {code: value[code] for code in order if code in value} if isinstance(value, dict) else value
            for key, value in body.items()
        }
        assert texts.parts(turned) == texts.parts(body)
        assert texts.title_words(turned) == texts.title_words(body)
        assert texts.text_words(turned) == texts.text_words(body)
        assert texts.original(turned, "summary") == texts.original(body, "summary")


def test_a_name_is_found_for_each_language_that_a_summary_has() -> None:
    heads = texts.parts(ORGANISATION | {"summary": TITLE}).heads
    assert heads["de"] == "Hanshin. Verträge mit Laboren"
    assert heads["ja"].startswith("阪神バイオ")
