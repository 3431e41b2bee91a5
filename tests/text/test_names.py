"""Spellings of one organisation's name share a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text.kana import romaji
from kakehashi.text.names import key, without_legal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tubulis GmbH", "TUBULIS"),
        ("株式会社ペプチスター", "ペプチスター(株)"),
        ("㈱カネカ", "Kaneka Corporation"),
        ("Ono Pharmaceutical Co., Ltd.", "ONO PHARMACEUTICAL K.K."),
        ("Medigene AG", "Medigene Aktiengesellschaft"),
        ("Oosaka University", "Ōsaka University"),
        ("Ohsaka University", "Osaka University"),
        ("国立大学法人大阪大学", "大阪大学"),
        ("Wacker Chemie GmbH & Co. KG", "Wacker Chemie"),
    ],
)
def test_one_organisation_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_a_name_that_is_only_a_legal_form_is_kept() -> None:
    assert without_legal_form("SE") == "se"


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("おおさか", "osaka"),
        ("きょうと", "kyoto"),
        ("さっぽろ", "sapporo"),
        ("まっちゃ", "matcha"),
        ("しょうなん", "shonan"),
    ],
)
def test_kana_is_read(kana: str, latin: str) -> None:
    assert romaji(kana) == latin


@given(st.text(alphabet=st.characters(), max_size=100))
def test_any_name_gets_a_key(name: str) -> None:
    assert key(name) == key(name.strip())
