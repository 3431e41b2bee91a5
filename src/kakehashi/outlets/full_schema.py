"""The XML Schema of the format "kakehashi", made from the description of the fields."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from kakehashi.outlets.full_format import NAMESPACE
from kakehashi.outlets.xml import add, element
from kakehashi.records.kinds import FIELDS, Field

XML = "http://www.w3.org/XML/1998/namespace"
DATE = r"\d{4}(-\d\d(-\d\d)?)?"
SIMPLE = {
    "integer": "xs:integer",
    "flag": "xs:boolean",
    "url": "xs:anyURI",
    "date": "date",
    "decimal": "xs:decimal",
}
NAMED = {
    "texts": "texts",
    "long_texts": "texts",
    "terms": "texts",
    "names": "names",
    "money": "money",
    "reference": "reference",
    "references": "references",
    "sources": "sources",
}
HEAD = ("origin", "id", "revision", "lang", "tlp", "published")


def schema() -> Element:
    """The whole document: common types, then one element for each kind."""
    root = element(
        "xs:schema",
        {
            "xmlns:xs": "http://www.w3.org/2001/XMLSchema",
            "xmlns": NAMESPACE,
            "targetNamespace": NAMESPACE,
            "elementFormDefault": "qualified",
        },
    )
    _types(root)
    for kind, fields in FIELDS.items():
        _kind(root, kind, fields)
    return root


def _kind(root: Element, kind: str, fields: Iterable[Field]) -> None:
    whole = add(add(root, "xs:element", attributes={"name": kind}), "xs:complexType")
    sequence = add(whole, "xs:sequence")
    for field in fields:
        least = {} if field.required else {"minOccurs": "0"}
        made = add(sequence, "xs:element", attributes={"name": field.name, **least})
        _content(made, field)
    for name in HEAD:
        add(whole, "xs:attribute", attributes={"name": name, "type": "xs:string", "use": "required"})
    add(whole, "xs:attribute", attributes={"name": "expires", "type": "xs:dateTime"})


def _content(made: Element, field: Field) -> None:
    """The type of a field: a common one by name, or its own list of codes."""
    if field.type in NAMED:
        made.set("type", NAMED[field.type])
    elif field.type == "choice":
        _codes(made, field.choices)
    elif field.type in ("choices", "strings"):
        items = add(add(made, "xs:complexType"), "xs:sequence")
        item = add(items, "xs:element", attributes={"name": "item", "maxOccurs": "unbounded"})
        _codes(item, field.choices)
    else:
        made.set("type", SIMPLE.get(field.type, "xs:string"))


def _codes(made: Element, codes: Iterable[str]) -> None:
    allowed = list(codes)
    if not allowed:
        made.set("type", "xs:string")
        return
    restriction = add(add(made, "xs:simpleType"), "xs:restriction", attributes={"base": "xs:string"})
    for code in allowed:
        add(restriction, "xs:enumeration", attributes={"value": code})


def _types(root: Element) -> None:
    """What fields of several kinds share."""
    date = add(add(root, "xs:simpleType", attributes={"name": "date"}), "xs:restriction")
    date.set("base", "xs:string")
    add(date, "xs:pattern", attributes={"value": DATE})
    _list(root, "texts", "text", ("origin", "engine", "of", "by"), spoken=True)
    _list(root, "names", "name", (), spoken=True)
    _list(root, "sources", "source", ("url", "date"))
    _list(root, "references", "organisation", ("origin", "id", "ror"))
    _text(add(root, "xs:complexType", attributes={"name": "reference"}), ("origin", "id", "ror"))
    _text(add(root, "xs:complexType", attributes={"name": "money"}), ("currency",), base="xs:decimal")


def _list(root: Element, name: str, item: str, attributes: Iterable[str], *, spoken: bool = False) -> None:
    sequence = add(add(root, "xs:complexType", attributes={"name": name}), "xs:sequence")
    made = add(sequence, "xs:element", attributes={"name": item, "minOccurs": "0", "maxOccurs": "unbounded"})
    _text(add(made, "xs:complexType"), attributes, spoken=spoken)


def _text(made: Element, attributes: Iterable[str], *, base: str = "xs:string", spoken: bool = False) -> None:
    """Text with attributes; `spoken` has `xml:lang`, whose schema no validator need fetch for it."""
    extension = add(add(made, "xs:simpleContent"), "xs:extension", attributes={"base": base})
    for name in attributes:
        add(extension, "xs:attribute", attributes={"name": name, "type": "xs:string"})
    if spoken:
        add(extension, "xs:anyAttribute", attributes={"namespace": XML, "processContents": "skip"})
