"""The frame of an OAI-PMH answer: envelope, error, header, the end of a list."""

from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element

from kakehashi.outlets.given import moment
from kakehashi.outlets.xml import add, element

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def envelope(base: str, at: datetime, asked: Mapping[str, str], answer: Element) -> Element:
    """`asked` are the arguments with their verb; none where they were wrong (section 3.6)."""
    schema = f"{NAMESPACE} {NAMESPACE}OAI-PMH.xsd"
    root = element("OAI-PMH", {"xmlns": NAMESPACE, "xmlns:xsi": XSI, "xsi:schemaLocation": schema})
    add(root, "responseDate", moment(at))
    add(root, "request", base, asked)
    root.append(answer)
    return root


def header(identifier: str, stamp: datetime, specs: list[str], *, deleted: bool) -> Element:
    """Who it is, since when, in which sets, and whether it is gone."""
    made = element("header", {"status": "deleted" if deleted else ""})
    add(made, "identifier", identifier)
    add(made, "datestamp", moment(stamp))
    for spec in specs:
        add(made, "setSpec", spec)
    return made


def record(head: Element, metadata: Element | None) -> Element:
    """A header with what it is about; of one that is gone there is nothing more."""
    made = element("record")
    made.append(head)
    if metadata is not None:
        add(made, "metadata").append(metadata)
    return made


def resumption(token: str, *, size: int, before: int) -> Element:
    """How to go on; without token this was the end."""
    return element("resumptionToken", {"completeListSize": str(size), "cursor": str(before)}, token)


def about_identifiers(node: str, sample: str) -> Element:
    """The description of Identify that says how identifiers are made."""
    made = element("description")
    schema = f"{IDENTIFIER} {IDENTIFIER}.xsd"
    scheme = add(made, "oai-identifier", attributes={"xmlns": IDENTIFIER, "xsi:schemaLocation": schema})
    for name, text in (
        ("scheme", "oai"),
        ("repositoryIdentifier", node),
        ("delimiter", ":"),
        ("sampleIdentifier", sample),
    ):
        add(scheme, name, text)
    return made
