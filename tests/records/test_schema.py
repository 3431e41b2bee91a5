"""The check of bodies: nothing makes it raise, what it accepts stays accepted, hostile text is refused."""

import json
import sys
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.records import kinds, schema
from kakehashi.records.sentences import UNKNOWN, say
from tests.records.bodies import HOSTILE_CHARACTERS, JSON, bodies

KINDS = st.sampled_from(kinds.KINDS)
SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY_BODY = KINDS.flatmap(bodies)


def said(problems: schema.Problems) -> None:
    """Every problem has a sentence of its own, with and without its field."""
    with override("en"):
        for path, codes in problems.items():
            assert codes, path
            assert all(str(say(code)) != str(UNKNOWN) for code in codes), codes


@given(JSON)
def test_no_json_makes_the_check_raise(value: Any) -> None:
    found = schema.problems(value)
    assert found
    said(found)


@given(ANY_BODY, st.data())
@SLOW
def test_any_member_may_be_anything_without_raising(body: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*body, "revision", "unknown"]))
    found = schema.problems({**body, "revision": 1, name: data.draw(JSON)})
    said(found)
    assert "unknown" not in name or found == {"unknown": ["field-unknown"]}
    assert set(found) <= {name, "", *(["revision"] if name == "kind" else [])}


@given(ANY_BODY)
@SLOW
def test_an_accepted_body_is_accepted_again_after_the_wire(body: dict[str, Any]) -> None:
    full = {**body, "revision": 1}
    assert schema.problems(full) == {}
    assert schema.problems(json.loads(json.dumps(full))) == {}


def first_text(value: Any, hostile: str) -> Any:
    """The value with `hostile` in the first string that is no code."""
    if isinstance(value, str):
        return value + hostile
    if isinstance(value, dict):
        key = "text" if "text" in value else next(iter(value))
        return {**value, key: first_text(value[key], hostile)}
    return [first_text(value[0], hostile), *value[1:]]


@given(ANY_BODY, HOSTILE_CHARACTERS, st.data())
@SLOW
def test_hostile_characters_are_refused_in_every_text(
    body: dict[str, Any], character: str, data: st.DataObject
) -> None:
    texts = {"texts", "long_texts", "terms", "names", "string", "strings", "sources"}
    fields = [f for f in kinds.FIELDS[body["kind"]] if body.get(f.name) and f.type in texts]
    field = data.draw(st.sampled_from(fields))
    spoiled = {**body, "revision": 1, field.name: first_text(body[field.name], character)}
    assert schema.problems(spoiled)[field.name] == ["hostile-characters"]


@pytest.mark.parametrize(
    "character", ["\x00", "\x0b", "\r", "\x85", "\u202e", "\u2067", "\ud800", "\ufeff", "\U000e0041"]
)
def test_these_characters_are_hostile(character: str) -> None:
    assert schema.HOSTILE.search(f"a{character}b")


@pytest.mark.parametrize("character", ["\n", "\t", "\u2060", "\u200d", "ü", "漢", "𠮟", "😀"])
def test_these_are_not(character: str) -> None:
    assert not schema.HOSTILE.search(f"a{character}b")


def test_what_is_printable_need_not_be_searched_for_hostile_characters() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    searched = [char for char in every if schema.HOSTILE.search(char) or schema.LINE_BREAK.search(char)]
    assert searched
    assert not any(char.isprintable() for char in searched)


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("levels", [20, 5000])
def test_deep_nesting_is_refused_before_it_is_walked(levels: int) -> None:
    assert schema.problems({"kind": "offer", "lang": "de", "revision": 1, "body": deep(levels)}) == {
        "": ["too-deep"]
    }


@pytest.mark.parametrize(
    ("name", "value", "codes"),
    [
        ("title", {"de": {"text": "a\nb", "origin": "original"}}, ["line-break"]),
        ("title", {"de": {"text": "a" * 201, "origin": "original"}}, ["texts-length de"]),
        ("title", {"fr": {"text": "a", "origin": "original"}}, ["texts-language fr"]),
        (
            "title",
            {"de": {"text": "a", "origin": "original"}, "ja": {"text": "b", "origin": "original"}},
            ["texts-two-originals"],
        ),
        ("title", {"de": {"text": "a", "origin": "machine"}}, ["texts-members de"]),
        ("trl", 10, ["integer-range"]),
        ("trl", True, ["integer"]),
        ("trl", 4.0, ["integer"]),
        ("partnership", ["licence"] * 2, ["choice-repeated"]),
        ("partnership", list(kinds.PARTNERSHIPS[:4]), ["too-many"]),
        ("source_date", "2026-02-30", ["date"]),
        ("source_date", "2026-2", ["date"]),
        ("sources", [{"url": "javascript:alert(1)", "title": "x"}], ["sources"]),
        ("sources", [{"url": "https://example.org", "title": "x", "date": "2026-02-30"}], ["sources"]),
        ("organisation", {"origin": "a", "id": "not-a-uuid", "name": "b"}, ["reference"]),
        ("revision", 2**31, ["integer-range"]),
        ("nonsense", 1, ["field-unknown"]),
    ],
)
def test_what_is_wrong_is_named(name: str, value: Any, codes: list[str]) -> None:
    body = {"kind": "offer", "lang": "de", "revision": 1, name: value}
    assert schema.problems(body)[name] == codes


def test_ten_megabytes_of_text_are_too_long() -> None:
    body = {
        "kind": "offer",
        "lang": "de",
        "revision": 1,
        "body": {"de": {"text": "ä" * 10**7, "origin": "original"}},
    }
    found = schema.problems(body)
    assert found["body"] == ["texts-length de"]
    assert found[""] == ["too-long"]
