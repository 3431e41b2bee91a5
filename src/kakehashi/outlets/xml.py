"""XML as bytes: elements by the names that are written, texts without what XML or a reader cannot bear."""

from collections.abc import Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement, tostring

from kakehashi.records.schema import HOSTILE

Attributes: TypeAlias = Mapping[str, str]


def cleaned(text: str) -> str:
    """Without controls, lone surrogates, noncharacters and bidirectional overrides."""
    return HOSTILE.sub("", text)


def element(name: str, attributes: Attributes | None = None, text: str = "") -> Element:
    """An element on its own."""
    made = Element(name, _cleaned(attributes))
    made.text = cleaned(text) or None
    return made


def add(parent: Element, name: str, text: str = "", attributes: Attributes | None = None) -> Element:
    """The same, as the last child of `parent`."""
    made = SubElement(parent, name, _cleaned(attributes))
    made.text = cleaned(text) or None
    return made


def document(root: Element) -> bytes:
    """UTF-8 with the XML declaration."""
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _cleaned(attributes: Attributes | None) -> dict[str, str]:
    """Attributes that say something."""
    return {name: cleaned(value) for name, value in (attributes or {}).items() if value}
