"""What changed between two revisions."""

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.records.differences import TOO_LONG, changes, words
from kakehashi.translation.texts import machine, original, reviewed

TEXT = st.text("ab äß漢字カナ。\n", max_size=30)


@given(TEXT, TEXT)
def test_the_parts_give_both_texts_back(old: str, new: str) -> None:
    parts = words(old, new)
    assert "".join(text for kind, text in parts if kind != "new") == old
    assert "".join(text for kind, text in parts if kind != "gone") == new
    assert all(text for _kind, text in parts)


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(kind == "same" for kind, _ in words(text, text))


def test_german_words_stay_whole_and_japanese_goes_by_character() -> None:
    assert words("im Tiermodell geprüft", "im Labor geprüft") == [
        ("same", "im "),
        ("gone", "Tiermodell"),
        ("new", "Labor"),
        ("same", " geprüft"),
    ]
    assert ("same", "抗体") in words("抗体の提供", "抗体を提供")


def test_a_very_long_text_is_shown_as_replaced() -> None:
    parts = words("a " * TOO_LONG, "b " * TOO_LONG)
    assert [kind for kind, _ in parts] == ["gone", "new"]


def test_changes_are_named_by_field_and_language_with_where_words_come_from() -> None:
    title = {"de": original("Alt"), "ja": machine("旧", of="Alt", engine="test")}
    before = {"kind": "offer", "title": title, "trl": 4, "topics": ["oncology"]}
    checked = {**title, "ja": reviewed("旧", of="Alt", by="BioM")}
    after = {"kind": "offer", "title": checked, "trl": 5, "stage": "concept", "topics": ["oncology"]}
    found = {(c.name, c.lang): c for c in changes(before, after)}
    assert set(found) == {("title", "ja"), ("trl", ""), ("stage", "")}
    assert found["title", "ja"].origin_before == "machine"
    assert found["title", "ja"].origin_after == "reviewed"
    assert found["trl", ""].parts == [("gone", "4"), ("new", "5")]
    assert found["stage", ""].parts == [("new", "concept")]
