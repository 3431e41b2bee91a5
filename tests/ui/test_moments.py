"""Dates and numbers in each language."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.ui.moments import partial_date


def rendered(template: str, value: object, language: str) -> str:
    with override(language):
        return Template(template).render(Context({"value": value}))


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("2026-11-22", "de", "22. November 2026"),
        ("2026-11-22", "ja", "2026年11月22日"),
        ("2026-11-22", "en", "22 November 2026"),
        ("2026-11", "de", "November 2026"),
        ("2026-11", "ja", "2026年11月"),
        ("2026-11", "en", "November 2026"),
        ("2026", "de", "2026"),
        ("2026", "ja", "2026年"),
        ("2026", "en", "2026"),
    ],
)
def test_a_partial_date_is_said_no_more_exactly_than_it_is_known(
    value: str, language: str, text: str
) -> None:
    assert rendered("{{ value|partial_date }}", value, language) == f'<time datetime="{value}">{text}</time>'


@pytest.mark.parametrize("value", ["2026-13", "2026-02-30", "spring 2026", "0000", "20261122"])
def test_what_is_no_date_is_shown_as_it_stands(value: str) -> None:
    assert rendered("{{ value|partial_date }}", value, "de") == value


@given(st.text())
def test_no_text_breaks_a_partial_date(value: str) -> None:
    assert str(partial_date(value)).startswith("<time") or partial_date(value) == value


def test_what_is_no_date_is_escaped() -> None:
    assert rendered("{{ value|partial_date }}", "<b>", "de") == "&lt;b&gt;"


def test_a_moment_is_told_in_the_time_zone_of_the_node() -> None:
    at = datetime(2026, 11, 22, 23, 14, tzinfo=UTC)  # the node of the tests stands in Munich
    assert rendered("{{ value|day }}", at, "de") == '<time datetime="2026-11-23">23. November 2026</time>'
    assert "23. November 2026, 00:14 Uhr</time>" in rendered("{{ value|moment }}", at, "de")
    assert "2026年11月23日 00:14</time>" in rendered("{{ value|moment }}", at, "ja")
    assert "23 November 2026, 00:14</time>" in rendered("{{ value|moment }}", at, "en")


@pytest.mark.parametrize(("language", "text"), [("de", "1\u202f046"), ("ja", "1,046"), ("en", "1,046")])
def test_thousands_stand_apart(language: str, text: str) -> None:
    assert rendered("{{ value|number }}", 1046, language) == text


@pytest.mark.parametrize(("language", "text"), [("de", "0,84"), ("ja", "0.84"), ("en", "0.84")])
def test_a_closeness_has_the_decimal_sign_of_the_language(language: str, text: str) -> None:
    assert rendered("{{ value|floatformat:2 }}", 0.84, language) == text


def test_what_is_unknown_leaves_nothing() -> None:
    for name in ("day", "moment", "partial_date", "number"):
        assert rendered(f"{{{{ value|{name} }}}}", None, "de") == ""
