"""The document: it can be built and read back, and a hostile draft is refused with a readable reason."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.agreements import clauses, document, shape
from kakehashi.agreements.document import Permission, channel_name
from kakehashi.errors import InvalidInput
from kakehashi.records.kinds import KINDS as CONTENT_KINDS
from kakehashi.signing import canonical
from kakehashi.signing.proof import document_hash
from tests.agreements import parties


def problems(value):
    with pytest.raises(InvalidInput) as caught:
        document.check(value)
    return caught.value.problems


def changed(path, value):
    """The agreement with one member replaced ("grants.0.kinds"), or removed if `value` is KeyError."""
    whole = copy.deepcopy(parties.bilateral())
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = whole
    for part in way:
        place = place[part]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return whole


def test_a_document_survives_the_way_through_its_bytes():
    whole = parties.signed(parties.trilateral(), "munich.example")
    assert document.parse(canonical.encode(whole)) == whole


def test_the_template_grants_each_kind_under_the_clause_that_it_serves():
    grants = {
        tuple(g["kinds"]): g["clauses"] for g in parties.bilateral()["grants"] if g["from"] == "osaka.example"
    }
    assert grants == {
        ("offer", "request"): ["c1"],
        ("development",): ["c2"],
        ("academic",): ["c3"],
        ("practice",): ["c4"],
        ("organisation",): ["c1", "c2", "c3", "c4", "c5"],
    }
    assert {kind for kinds in grants for kind in kinds} == set(CONTENT_KINDS)


def test_the_five_clauses_stand_in_three_languages():
    assert [clause.id for clause in clauses.FIVE] == ["c1", "c2", "c3", "c4", "c5"]
    for clause in clauses.FIVE:
        assert set(clause.title) == set(clause.text) == {"de", "ja", "en"}


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("type", "kx.treaty", shape.NOT_ALLOWED),
        ("v", True, shape.NOT_ALLOWED),
        ("extra", 1, shape.UNKNOWN),
        ("grants", KeyError, shape.MISSING),
        ("title", {}, shape.MISSING),
        ("title.en", "a\u202eb", shape.HOSTILE_CHARACTERS),
        ("title.en", "a\x00b", shape.HOSTILE_CHARACTERS),
        ("title.en", "x" * 301, shape.TOO_LONG),
        ("title.fr", "Accord", shape.UNKNOWN),
        ("clauses.0.text.de", 7, shape.WRONG_FORM),
        ("parties.0.node", "munich.example:8001", shape.WRONG_FORM),
        ("parties.0.node", "Munich.example", shape.WRONG_FORM),
        ("parties.0.contact", "javascript:alert(1)", shape.WRONG_FORM),
        ("parties.0.side", 'munich" onload="x', shape.WRONG_FORM),
        ("parties.0.root.0", "z6MkNotAKey", document.BAD_KEY),
        ("grants.0.tlp_max", "RED", shape.NOT_ALLOWED),
        ("grants.0.topics", ["astrology"], shape.NOT_ALLOWED),
        ("grants.0.kinds", ["offer", "offer"], shape.REPEATED),
        ("grants.0.kinds", [], shape.TOO_MANY),
        ("term.notice_days", -1, shape.OUT_OF_RANGE),
        ("term.from", "9999-01-01T00:00:00Z", shape.WRONG_FORM),
        ("term.from", "2026-10-04", shape.WRONG_FORM),
        ("history", [{"from": "2011-02-30", "text": {"en": "x"}}], shape.WRONG_FORM),
    ],
)
def test_a_member_of_the_wrong_shape_is_named_with_its_path(path, value, reason):
    found = problems(changed(path, value))
    assert any(reason in messages for messages in found.values()), found
    assert all(where.startswith(path.split(".")[0]) for where in found)


@pytest.mark.parametrize(
    ("path", "value", "where", "reason"),
    [
        ("grants.0.to", ["munich.example"], "grants.0", document.TO_ITSELF),
        ("grants.0.to", ["kyoto.example"], "grants.0", document.NOT_A_PARTY),
        ("grants.0.clauses", ["c9"], "grants.0.clauses", document.NO_CLAUSE),
        ("grants.0.parts", ["body", "person"], "grants.0.parts", document.NO_BASIS),
        ("grants.0.topics", ["*", "oncology"], "grants.0.topics", document.STAR_ALONE),
        ("term.until", "2026-10-04T00:00:00Z", "term", document.TERM_ORDER),
        ("term.until", "2037-10-04T00:00:00Z", "term", document.TERM_ORDER),
        ("term.until", "2026-12-01T00:00:00Z", "term.notice_days", document.NOTICE_TOO_LONG),
        ("version", 2, "version", document.VERSION_CHAIN),
        ("parties.1.node", "munich.example", "parties", shape.REPEATED),
        ("parties.1.root", [parties.MUNICH.public], "parties", shape.REPEATED),
        (
            "history",
            [{"from": "2015", "until": "2011", "text": {"en": "x"}}],
            "history.0.until",
            document.TERM_ORDER,
        ),
    ],
)
def test_members_that_contradict_each_other_are_refused(path, value, where, reason):
    assert reason in problems(changed(path, value))[where]


def test_personal_parts_may_be_granted_once_a_basis_is_named_for_every_receiver():
    basis = [{"from": "munich.example", "to": "osaka.example", "ref": "gdpr-46-scc"}]
    permissions = [Permission("munich.example", regions=("DE-BY",), parts=("body", "person"))]
    assert parties.bilateral(basis=basis, permissions=permissions)["grants"][0]["parts"] == ["body", "person"]


def test_in_an_agreement_of_three_a_grant_to_one_alone_is_refused():
    whole = parties.trilateral()
    whole["grants"][0]["to"] = ["osaka.example"]
    assert problems(whole) == {"grants.0": [document.TO_ALL]}


def test_a_thousand_faults_become_a_short_list():
    whole = changed("grants", [{"from": 1} for _ in range(200)])
    whole["grants"] = [{**grant, "x": n} for n, grant in enumerate(whole["grants"])]
    assert 0 < len(problems(whole)) <= shape.MOST_PROBLEMS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"a":1,"a":2}',
        b'\xef\xbb\xbf{"a":1}',
        b"[" * 5000 + b"]" * 5000,
        b'{"type":"' + b"x" * document.MAX_BYTES + b'"}',
        json.dumps(parties.bilateral(), indent=1).encode(),
        b'{"v":1.0}',
        b'"\\ud800"',
    ],
)
def test_bytes_that_are_no_canonical_document_are_refused(data):
    with pytest.raises(InvalidInput):
        document.parse(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_one_place_the_check_answers_and_never_breaks(data):
    whole = copy.deepcopy(parties.bilateral())
    place, steps = whole, data.draw(st.integers(1, 4))
    for _ in range(steps):
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if steps == 1 or not isinstance(place[key], (dict, list)) or not place[key]:
            break
        place = place[key]
    else:
        key = next(iter(place)) if isinstance(place, dict) else 0
    strange = (
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text() | st.none())
    )
    value = data.draw(strange | st.dictionaries(st.text(), st.integers()))
    same = place[key] == value
    place[key] = value
    try:
        document.check(whole)
    except InvalidInput:
        return
    assert same or document_hash(whole) != document_hash(parties.bilateral())


def test_a_channel_is_named_after_the_first_version():
    name = channel_name("munich.example", document_hash(parties.bilateral()))
    assert name.startswith("munich.example/kx/")
    *_, digits, epoch = name.split("/")
    assert len(digits) == 16
    assert int(digits, 16) >= 0
    assert epoch == "0"
    assert channel_name("osaka.example", document_hash(parties.bilateral())).split("/")[2] == digits
    assert channel_name("munich.example", document_hash(parties.trilateral())).split("/")[2] != digits


def test_the_hash_of_a_document_ignores_its_proofs():
    whole = parties.bilateral()
    assert document_hash(parties.signed(whole, "munich.example")) == document_hash(whole)
