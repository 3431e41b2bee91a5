"""A record in the fifteen elements of Dublin Core, as every harvester understands it (oai_dc)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from kakehashi.outlets.given import Given, moment
from kakehashi.outlets.xml import add, element
from kakehashi.records.columns import titles
from kakehashi.records.regions import REGIONS
from kakehashi.records.topics import TOPICS
from kakehashi.translation.texts import Texts, pick

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PROVENANCE = {
    "public_sources": "Written from the public sources named; not posted by the organisation.",
    "invented": "Invented for demonstration.",
}


class Statement(NamedTuple):
    """One element: its name without prefix, what it says, and in which language if in one."""

    name: str
    text: str
    lang: str = ""


def dublin_core(given: Given) -> Element:
    """The element `oai_dc:dc`."""
    root = element(
        "oai_dc:dc",
        {
            "xmlns:oai_dc": NAMESPACE,
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
        },
    )
    for name, text, lang in statements(given):
        add(root, f"dc:{name}", text, {"xml:lang": lang})
    return root


def statements(given: Given) -> Iterator[Statement]:
    """What is said of a record, in the order of the elements."""
    body = given.body
    if given.kind == "organisation":
        yield from (Statement("title", name, lang) for lang, name in titles(body).items())
    yield from _wordings("title", body.get("title"))
    yield from (Statement("creator", name) for name in _owner(body))
    for code in body.get("topics", []):
        yield from (Statement("subject", name, lang) for lang, name in TOPICS.get(code, {}).items())
    for statement in _wordings("subject", body.get("keywords")):
        yield from (
            Statement("subject", term, statement.lang) for term in statement.text.splitlines() if term
        )
    yield from _wordings("description", body.get("summary"))
    if body.get("provenance") in PROVENANCE:
        yield Statement("description", PROVENANCE[body["provenance"]], "en")
    yield Statement("publisher", given.publisher)
    yield from (Statement("contributor", other["name"]) for other in body.get("organisations", []))
    yield Statement("date", body.get("date") or body.get("source_date") or moment(given.published)[:10])
    yield Statement("type", given.kind)
    yield Statement("identifier", given.address)
    yield Statement("identifier", f"urn:uuid:{given.record}")
    yield from (Statement("source", source["url"]) for source in body.get("sources", []))
    yield Statement("language", body["lang"])
    yield from (Statement("relation", work) for work in body.get("key_works", []))
    if "region" in body:
        yield from (Statement("coverage", name, lang) for lang, name in REGIONS[body["region"]].items())
    until = f", until {moment(given.expires)}" if given.expires else ""
    yield Statement("rights", f"TLP:CLEAR{until}")


def _owner(body: Mapping[str, Any]) -> Iterator[str]:
    if "organisation" in body:
        yield body["organisation"]["name"]


def _wordings(name: str, texts: Texts | None) -> Iterator[Statement]:
    """Every wording; the language tag of a machine's says so (RFC 6497)."""
    for lang in texts or {}:
        shown = pick(texts, lang)
        if shown:
            yield Statement(name, shown.text, shown.bcp47)
