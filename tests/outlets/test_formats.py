"""Both metadata formats: every body that the schema of records allows becomes valid, well-formed XML."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from lxml import etree

from kakehashi.outlets.dublin_core import dublin_core, statements
from kakehashi.outlets.full_format import full
from kakehashi.outlets.full_schema import schema
from kakehashi.outlets.given import Given
from kakehashi.outlets.xml import cleaned, document, element
from kakehashi.records import schema as records
from kakehashi.records.kinds import FIELDS, KINDS, TRANSLATABLE
from kakehashi.translation.texts import machine, original
from tests import cast
from tests.records.bodies import HOSTILE_CHARACTERS, bodies

XSD = etree.XMLSchema(etree.parse(BytesIO(document(schema()))))
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ELEMENTS = {
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type"),
    *("format", "identifier", "source", "language", "relation", "coverage", "rights"),
}
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def given(body: dict[str, Any]) -> Given:
    return Given(
        origin="munich.example",
        record=UUID(int=7, version=4),
        body=body,
        published=AT,
        changed=AT,
        expires=AT,
        address="https://munich.example/de/records/munich.example/7/",
        publisher="Demonstration node Munich",
    )


def whole(body: dict[str, Any]) -> etree._Element:
    return etree.fromstring(document(full(given(body), "https://munich.example/oai/record.xsd")))


ANY_BODY = st.sampled_from(KINDS).flatmap(bodies)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@examples(ANY_BODY)
@FEW
def test_every_acceptable_body_is_valid_against_the_schema_that_is_served(body: dict[str, Any]) -> None:
    made = whole({**body, "revision": 1})
    XSD.assertValid(made)
    assert [child.tag.split("}")[1] for child in made] == [
        f.name for f in FIELDS[body["kind"]] if f.name in body
    ]


@examples(ANY_BODY)
@FEW
def test_the_full_format_keeps_every_wording_with_its_origin(body: dict[str, Any]) -> None:
    made = whole({**body, "revision": 1})
    for field in FIELDS[body["kind"]]:
        if field.type not in TRANSLATABLE or field.name not in body:
            continue
        written = {
            each.get(LANG): {**{k: v for k, v in each.attrib.items() if k != LANG}, "text": each.text}
            for each in made.find(f"{{urn:kakehashi:record:1}}{field.name}")
        }
        assert written == body[field.name]


@examples(ANY_BODY)
@FEW
def test_dublin_core_always_says_what_it_is_from_whom_and_under_which_label(body: dict[str, Any]) -> None:
    made = etree.fromstring(document(dublin_core(given({**body, "revision": 1}))))
    said = {child.tag.split("}")[1] for child in made}
    assert {"title", "date", "type", "identifier", "publisher", "language", "rights"} <= said <= ELEMENTS
    assert all(child.text for child in made)


def test_a_schema_refuses_what_is_not_so() -> None:
    """The schema can fail: an unknown element, an unknown code."""
    body = {**cast.organisation_body(), "revision": 1}
    made = whole(body)
    assert XSD.validate(made)
    etree.SubElement(made, "{urn:kakehashi:record:1}surprise")
    assert not XSD.validate(made)
    assert not XSD.validate(whole({**body, "type": "castle"}))


def test_a_machine_s_wording_is_tagged_as_such_and_the_source_is_named() -> None:
    body = {
        **cast.organisation_body(),
        "kind": "practice",
        "title": {"ja": original("橋"), "de": machine("Brücke", of="橋", engine="test")},
        "provenance": "public_sources",
        "sources": [{"url": "https://example.org/a", "title": "A"}],
    }
    said = list(statements(given(body)))
    assert ("title", "Brücke", "de-t-ja") in said
    assert ("source", "https://example.org/a", "") in said
    assert any("not posted by the organisation" in statement.text for statement in said)


@examples(st.text() | HOSTILE_CHARACTERS.map(lambda char: f"a{char}b"))
def test_any_text_becomes_well_formed_xml_without_invisible_marks(text: str) -> None:
    root = element("a", {"b": text}, text)
    read = etree.fromstring(document(root))
    assert read.get("b", "") == cleaned(text)
    assert (read.text or "") == cleaned(text)
    assert not records.HOSTILE.search(cleaned(text))


def test_mark_up_and_overrides_in_a_text_stay_text_or_go() -> None:
    hostile = "<script>alert(1)</script>\x00\u202e]]>&amp;\ud800"
    read = etree.fromstring(document(element("a", None, hostile)))
    assert read.text == "<script>alert(1)</script>]]>&amp;"
    assert len(read) == 0
