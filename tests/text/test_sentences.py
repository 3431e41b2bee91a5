"""Sentences and passages keep every letter and know their place."""

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text.fold import clean
from kakehashi.text.sentences import PASSAGE, passages, sentences, weight


def test_german_abbreviations_and_ordinals_do_not_end_a_sentence() -> None:
    text = "Am 4. Oktober 2011 kam z. B. Dr. Ueda. Die BioM GmbH & Co. KG lud ein! Und dann?"
    assert [s.text for s in sentences(text)] == [
        "Am 4. Oktober 2011 kam z. B. Dr. Ueda.",
        "Die BioM GmbH & Co. KG lud ein!",
        "Und dann?",
    ]


def test_japanese_sentences_end_without_a_space() -> None:
    assert [s.text for s in sentences("再生医療です。次の文（例）。「はい。」終わり")] == [
        "再生医療です。",
        "次の文（例）。",
        "「はい。」",
        "終わり",
    ]


@given(st.text(alphabet=st.sampled_from("ab A.。!?\n 1治療"), max_size=200))
def test_nothing_but_space_is_lost(text: str) -> None:
    cleaned = clean(text)
    for cut in (sentences(text), passages(text, 30)):
        assert all(cleaned[s.start : s.end] == s.text for s in cut)
        assert "".join("".join(s.text for s in cut).split()) == "".join(cleaned.split())


@given(st.text(max_size=3000))
def test_no_passage_is_far_too_long(text: str) -> None:
    assert all(weight(p.text) <= 2 * PASSAGE for p in passages(text))


def test_empty_text_has_none() -> None:
    assert sentences(" \x00 ") == passages("") == []
