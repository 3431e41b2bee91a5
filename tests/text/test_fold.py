"""Spellings that mean the same meet after folding, and no input breaks it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text.fold import clean, fold

ANY = st.text(alphabet=st.characters(), max_size=200)  # lone surrogates and controls included


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Antikörper", "ANTIKOERPER"),
        ("Weiß", "weiss"),
        ("Ōsaka", "osaka"),
        ("ＡＤＣ", "adc"),
        ("ﾊﾞｲｵﾘｱｸﾀｰ", "バイオリアクター"),
        ("コンピューター", "コンピュータ"),
        ("サーバーの", "サーバの"),
        ("ドラッグ・デリバリー・システム", "ドラッグデリバリーシステム"),
        ("バイオ‐インフォマティクス", "バイオインフォマティクス"),
        ("ガン", "がん"),
        ("ヴェクター", "ベクター"),
        ("慶應義塾", "慶応義塾"),
        ("e\u0301te\u0301", "été"),
        ("か\u3099ん", "がん"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("がん", "かん"),
        ("抗体", "抗原"),
        ("Zelle", "Zeile"),
        ("バス", "パス"),
        ("ロート", "プロト"),
        ("ビール", "ビル"),
    ],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_clean_text_can_always_be_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "text", ["\ufdfa" * 10_000, "a" * 1_000_000, "カ-" * 200_000, "\x00" * 500_000, "\ud800" * 9]
)
def test_hostile_lengths_end_soon(text: str) -> None:
    began = time.process_time()
    assert len(fold(text)) <= 200_000
    assert time.process_time() - began < 20
