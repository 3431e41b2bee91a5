"""What an edit makes of a text: who wrote which wording, and what becomes stale."""

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.translation.editing import edited
from kakehashi.translation.texts import (
    LANGUAGES,
    Texts,
    is_stale,
    machine,
    original,
    original_language,
    pick,
    problems,
    reviewed,
)

STORED: Texts = {
    "de": original("Herz"),
    "ja": machine("心臓", of="Herz", engine="test"),
    "en": reviewed("heart", of="Herz", by="BioM"),
}
TYPED = {"de": "Herz", "ja": "心臓", "en": "heart"}


def edit(lang: str = "de", before: str = "de", checked: tuple[str, ...] = (), **typed: str) -> Texts | None:
    return edited(STORED, {**TYPED, **typed}, lang=lang, lang_before=before, checked=checked, by="Cluster")


def test_nothing_typed_changes_nothing() -> None:
    assert edit() == STORED


def test_a_typed_translation_is_checked_by_the_office_and_fits_the_original() -> None:
    made = edit(ja="こころ")
    assert made is not None
    assert made["ja"] == reviewed("こころ", of="Herz", by="Cluster")
    assert made["en"] == STORED["en"]


def test_a_typed_original_makes_the_untouched_translations_stale() -> None:
    made = edit(de="Herz und Kreislauf")
    assert made is not None
    assert made["de"]["origin"] == "original"
    assert is_stale(made, "ja")
    assert is_stale(made, "en")
    shown = pick(made, "ja")
    assert shown is not None
    assert shown.stale
    assert shown.original == "Herz und Kreislauf"


def test_vouching_for_a_stale_translation_makes_it_fresh() -> None:
    stale = edit(de="Das Herz")
    assert stale is not None
    typed = {code: wording["text"] for code, wording in stale.items()}
    made = edited(stale, typed, lang="de", lang_before="de", checked={"ja"}, by="Cluster")
    assert made is not None
    assert not is_stale(made, "ja")
    assert is_stale(made, "en")


def test_another_language_becomes_the_original_and_the_old_one_its_translation() -> None:
    made = edit(lang="en")
    assert made is not None
    assert original_language(made) == "en"
    assert made["de"] == reviewed("Herz", of="heart", by="Cluster")
    assert is_stale(made, "ja")


def test_an_emptied_original_leaves_the_next_language_as_original() -> None:
    made = edit(de="  ")
    assert made is not None
    assert original_language(made) == "ja"
    assert "de" not in made


def test_nothing_left_is_no_text() -> None:
    assert edit(de="", ja=" ", en="\n") is None
    assert edited(None, {"de": ""}, lang="de", lang_before="de", by="x") is None


WORDS = st.sampled_from(["", " ", "Herz", "心臓", "heart", "neu", "新"])


@given(
    st.one_of(st.none(), st.just(STORED)),
    st.dictionaries(st.sampled_from(LANGUAGES), WORDS),
    st.sampled_from(LANGUAGES),
    st.sampled_from(LANGUAGES),
    st.sets(st.sampled_from(LANGUAGES)),
)
def test_every_edit_gives_a_valid_text_with_exactly_the_typed_words(
    stored: Texts | None, typed: dict[str, str], lang: str, before: str, checked: set[str]
) -> None:
    made = edited(stored, typed, lang=lang, lang_before=before, checked=checked, by="Cluster")
    left = {code: text for code, text in typed.items() if text.strip()}
    if not left:
        assert made is None
        return
    assert made is not None
    assert {code: wording["text"] for code, wording in made.items()} == left
    assert problems(made, 100) == []
    assert original_language(made) is not None
