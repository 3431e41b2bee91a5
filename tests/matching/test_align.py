"""Phrases are cut where a reader would, and linked to what says the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.matching import encoder
from kakehashi.matching.align import MOST, align
from kakehashi.matching.centre import Centres
from kakehashi.matching.glossary import shipped
from kakehashi.matching.phrases import phrases
from kakehashi.text.fold import clean

GLOSSARY = shipped()
GERMAN = "Auftragsentwicklung von Zelltherapien aus mesenchymalen Stammzellen für klinische Studien."
JAPANESE = "間葉系幹細胞を用いた細胞治療の臨床試験と、その受託開発製造機関を求めています。"


def test_german_phrases_are_nouns_with_their_adjectives() -> None:
    cut = [
        phrase.text
        for phrase in phrases("Wir suchen neue Partner für eine kleine Reise nach Kōbe.", "de", GLOSSARY)
    ]
    assert "kleine Reise" in cut
    assert "Wir" not in cut


def test_japanese_phrases_are_runs_without_small_words() -> None:
    assert not phrases("5,000万人を超え", "ja", GLOSSARY)
    cut = [phrase.text for phrase in phrases("大学発の新しい素材を2025年に開発した", "ja", GLOSSARY)]
    assert "素材" in cut
    assert not any(text.startswith("2025年") for text in cut)


def test_known_terms_carry_their_concept() -> None:
    assert {p.concept for p in phrases(JAPANESE, "ja", GLOSSARY)} >= {
        "mesenchymal-stem-cell",
        "cell-therapy",
        "clinical-trial",
    }


def test_the_same_concepts_are_linked_across_languages() -> None:
    one, other = phrases(GERMAN, "de", GLOSSARY), phrases(JAPANESE, "ja", GLOSSARY)
    links = align(one, other, ("de", "ja"), encoder.default(), Centres())
    pairs = {(one[link.one].text, other[link.other].text, link.concept) for link in links}
    assert ("mesenchymalen Stammzellen", "間葉系幹細胞", "mesenchymal-stem-cell") in pairs
    assert ("klinische Studien", "臨床試験", "clinical-trial") in pairs
    assert all(one[link.one].concept == other[link.other].concept for link in links if link.concept)


def test_each_phrase_is_linked_once_and_in_order() -> None:
    one, other = phrases(GERMAN * 3, "de", GLOSSARY), phrases(JAPANESE * 3, "ja", GLOSSARY)
    links = align(one, other, ("de", "ja"), encoder.default(), Centres())
    assert len(links) <= MOST
    assert [link.one for link in links] == sorted({link.one for link in links})
    assert len({link.other for link in links}) == len(links)


def test_nothing_is_linked_with_nothing() -> None:
    assert align([], phrases(JAPANESE, "ja", GLOSSARY), ("de", "ja"), encoder.default(), Centres()) == []


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(), max_size=200), st.sampled_from(["de", "ja", "en"]))
def test_phrases_never_overlap_and_stand_where_they_say(text: str, lang: str) -> None:
    cleaned, end = clean(text), 0
    for phrase in phrases(text, lang, GLOSSARY):
        assert end <= phrase.start < phrase.end
        assert cleaned[phrase.start : phrase.end] == phrase.text
        end = phrase.end


@pytest.mark.parametrize("lang", ["de", "ja", "en"])
def test_a_huge_text_gives_a_bounded_number(lang: str) -> None:
    assert len(phrases("Antikörper 抗体 antibody, " * 5_000, lang, GLOSSARY)) <= 60
