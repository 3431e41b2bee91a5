"""Which language a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text.detect import detect


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Wir suchen Partner für die Entwicklung von Antikörpern gegen solide Tumoren.", "de"),
        ("We seek partners for the development of antibodies against solid tumours.", "en"),
        ("固形がんに対する抗体薬物複合体の共同研究先を求めています。", "ja"),
        ("抗体医薬", "ja"),
        ("Antikörper", "de"),
        ("gene therapy", "en"),
        ("Zelltherapie", "de"),
        ("CAR-T細胞療法", "ja"),
    ],
)
def test_language_is_told(text: str, lang: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀😀", "\x00", "\ud800", "—"])
def test_nothing_tells_without_letters(text: str) -> None:
    assert detect(text) is None


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert detect(text) in {"de", "ja", "en", None}
