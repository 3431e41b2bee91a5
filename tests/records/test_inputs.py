"""What a person types becomes a body and stands in the form again, without loss and without surprise."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.records import kinds, schema
from kakehashi.records.forms import RecordForm
from kakehashi.records.inputs import Context
from kakehashi.text.fold import fold
from kakehashi.translation.texts import is_stale, machine, original, text_hash
from tests.records.bodies import bodies

OWN = {
    "origin": "munich.example",
    "id": "7c9c6df1-6f30-4ffc-bf3c-e23bbf0dba3e",
    "name": "Isar Biologics GmbH",
}


def context(body: dict[str, Any] | None = None) -> Context:
    owner = (body or {}).get("organisation", OWN)
    lang = (body or {}).get("lang", "de")
    return Context(
        lang=lang,
        lang_before=lang,
        office="Cluster München",
        own={owner["id"]: owner},
        directory={fold(OWN["name"]): OWN},
    )


def form(kind: str, stored: dict[str, Any] | None, data: dict[str, Any] | None = None) -> RecordForm:
    return RecordForm(data, kind=kind, stored=stored, context=context(stored))


def posted(stored: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What a browser sends when the form is filled from `stored`: line ends as CR LF."""
    shown = form(stored["kind"], stored)
    data: dict[str, Any] = {}
    for name in shown.fields:
        value = shown[name].value()
        if isinstance(value, bool):
            if value:
                data[name] = "on"
        elif value is not None:
            data[name] = value.replace("\n", "\r\n") if isinstance(value, str) else value
    return {**data, **changes}


@pytest.mark.parametrize("kind", kinds.KINDS)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_body_comes_through_the_form_unchanged(kind: str, data: st.DataObject) -> None:
    body = data.draw(bodies(kind))
    filled = form(kind, body, posted(body))
    assert filled.is_valid(), filled.errors
    assert filled.body == body


@pytest.mark.parametrize("kind", kinds.KINDS)
@given(data=st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_typed_anew_is_a_body_too(kind: str, data: st.DataObject) -> None:
    """The same texts typed into an empty form: every wording is then original or checked by the office."""
    body = data.draw(bodies(kind))
    empty = RecordForm(posted(body), kind=kind, stored=None, context=context(body))
    problems = {name: codes for name, codes in empty.errors.items() if "organisation" not in name}
    assert problems == {}
    for field in kinds.FIELDS[kind]:
        if field.type in kinds.TRANSLATABLE and field.name in body:
            made = empty.body[field.name]
            assert {k: w["text"] for k, w in made.items()} == {
                k: w["text"] for k, w in body[field.name].items()
            }
            assert sorted(w["origin"] for w in made.values())[0] == "original"
            assert not any(is_stale(made, lang) for lang in made)


def practice() -> dict[str, Any]:
    title = "m4 Award"
    return {
        "kind": "practice",
        "lang": "de",
        "title": {"de": original(title), "ja": machine("エムフォー賞", of=title, engine="test")},
        "summary": {"de": original("Ein Wettbewerb.")},
        "organisation": OWN,
        "topics": ["financing"],
    }


def edited(**changes: Any) -> dict[str, Any]:
    filled = form("practice", practice(), posted(practice(), **changes))
    assert filled.is_valid(), filled.errors
    return filled.body


def test_a_changed_translation_is_checked_by_the_office() -> None:
    assert edited(title_ja="m4賞")["title"]["ja"] == {
        "text": "m4賞",
        "origin": "reviewed",
        "of": text_hash("m4 Award"),
        "by": "Cluster München",
    }


def test_a_translation_left_as_it_is_can_be_vouched_for() -> None:
    assert edited(title_ja_checked="on")["title"]["ja"]["origin"] == "reviewed"


def test_a_changed_original_makes_its_translations_stale() -> None:
    title = edited(title_de="m4 Award 2027")["title"]
    assert title["ja"]["origin"] == "machine"
    assert is_stale(title, "ja")


def test_an_emptied_translation_goes_and_an_emptied_field_too() -> None:
    assert set(edited(title_ja="")["title"]) == {"de"}
    filled = form("practice", practice(), posted(practice(), title_de="", title_ja="  "))
    assert not filled.is_valid()
    assert list(filled.errors) == ["title_de"]


def test_another_language_may_become_the_original() -> None:
    title = edited(lang="ja")["title"]
    assert title["ja"]["origin"] == "original"
    assert title["de"]["origin"] == "reviewed"


def test_a_japanese_keyboard_may_type_dates_and_numbers_in_full_width() -> None:
    assert edited(source_date="２０２６－１１")["source_date"] == "2026-11"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title_ja": "x" * 201}, "title_ja"),
        ({"summary_de": "Vor\x00sicht"}, "summary_de"),
        ({"summary_en": "a \u202egnp.exe"}, "summary_en"),
        ({"challenge_de": "x" * 10_000_000}, "challenge_de"),
        ({"topics": ["alchemy"]}, "topics"),
        ({"source_date": "gestern"}, "source_date"),
        ({"organisation": "somebody else"}, "organisation"),
        ({"sources_1_url": "ftp://x", "sources_1_title": "x"}, "sources_1_url"),
        ({"lang": "fr"}, "lang"),
    ],
)
def test_a_problem_stands_at_its_control_and_the_typed_text_stays(
    changes: dict[str, Any], place: str
) -> None:
    filled = form("practice", practice(), posted(practice(), **changes))
    assert place in filled.errors
    for name, text in changes.items():
        assert filled[name].value() == text


def test_the_wrong_one_of_several_sources_is_pointed_at() -> None:
    good = {"sources_0_url": "https://example.org", "sources_0_title": "a"}
    filled = form("practice", practice(), posted(practice(), **good, sources_1_url="x", sources_1_title="b"))
    assert list(filled.errors) == ["sources_1_url"]


def test_rows_typed_beyond_the_spare_ones_are_kept() -> None:
    many = {f"sources_{n}_{part}": f"https://example.org/{n}" for n in range(9) for part in ("url", "title")}
    filled = form("practice", practice(), posted(practice(), **many))
    assert filled.is_valid(), filled.errors
    assert len(filled.body["sources"]) == 9


def test_an_organisation_is_found_by_its_name_however_written() -> None:
    body = {
        "kind": "development",
        "lang": "de",
        "title": {"de": original("A")},
        "summary": {"de": original("B")},
    }
    body |= {"event": "award", "date": "2026", "topics": ["policy"]}
    named = form(
        "development", body, posted(body, organisations_0="isar biologics GMBH", organisations_1="Nobody")
    )
    assert list(named.errors) == ["organisations_1"]
    assert named.body["organisations"][0] == OWN


def test_everything_wrong_is_listed_with_the_id_of_its_control() -> None:
    filled = form("practice", practice(), posted(practice(), topics=[], summary_de=""))
    places = [place for place, _label, _error in filled.faults()]
    assert places == ["id_summary_de", "id_topics"]
    assert schema.problems(filled.body)
