"""A record with every member that it has: the format "kakehashi", one element for each field of its kind.

The schema beside it is made from the same description (`records.kinds.FIELDS`), so that the two cannot part.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from kakehashi.outlets.given import Given, moment
from kakehashi.outlets.xml import add, element
from kakehashi.records.kinds import FIELDS, Field

NAMESPACE = "urn:kakehashi:record:1"


def full(given: Given, schema_address: str) -> Element:
    """The element of the record's kind, such as `offer`; the label and the end of its term travel with it."""
    root = element(
        given.kind,
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {schema_address}",
            "origin": given.origin,
            "id": str(given.record),
            "revision": str(given.body["revision"]),
            "lang": given.body["lang"],
            "tlp": "CLEAR",
            "published": moment(given.published),
            "expires": moment(given.expires) if given.expires else "",
        },
    )
    for field in FIELDS[given.kind]:
        if field.name in given.body:
            _WRITERS[field.type](root, field, given.body[field.name])
    return root


Writer: TypeAlias = Callable[[Element, Field, Any], object]


def _texts(root: Element, field: Field, value: Mapping[str, Mapping[str, str]]) -> None:
    parent = add(root, field.name)
    for lang, wording in value.items():
        facts = {name: said for name, said in wording.items() if name != "text"}
        add(parent, "text", wording["text"], {"xml:lang": lang, **facts})


def _names(root: Element, field: Field, value: Mapping[str, str]) -> None:
    parent = add(root, field.name)
    for lang, name in value.items():
        add(parent, "name", name, {"xml:lang": lang})


def _plain(root: Element, field: Field, value: object) -> None:
    add(root, field.name, str(value).lower() if isinstance(value, bool) else str(value))


def _items(root: Element, field: Field, value: list[str]) -> None:
    parent = add(root, field.name)
    for item in value:
        add(parent, "item", item)


def _money(root: Element, field: Field, value: Mapping[str, str]) -> None:
    add(root, field.name, value["value"], {"currency": value["currency"]})


def _reference(root: Element, field: Field, value: Mapping[str, str]) -> None:
    _refer(root, field.name, value)


def _references(root: Element, field: Field, value: list[Mapping[str, str]]) -> None:
    parent = add(root, field.name)
    for each in value:
        _refer(parent, "organisation", each)


def _refer(parent: Element, name: str, value: Mapping[str, str]) -> None:
    add(parent, name, value["name"], {member: value.get(member, "") for member in ("origin", "id", "ror")})


def _sources(root: Element, field: Field, value: list[Mapping[str, str]]) -> None:
    parent = add(root, field.name)
    for source in value:
        add(parent, "source", source["title"], {"url": source["url"], "date": source.get("date", "")})


_WRITERS: dict[str, Writer] = {
    "texts": _texts,
    "long_texts": _texts,
    "terms": _texts,
    "names": _names,
    "choices": _items,
    "strings": _items,
    "money": _money,
    "reference": _reference,
    "references": _references,
    "sources": _sources,
    **dict.fromkeys(("string", "choice", "integer", "decimal", "date", "flag", "url"), _plain),
}
