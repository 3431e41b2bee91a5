"""A feed as Atom (RFC 4287) with paging (RFC 5005); every text is plain, so that none can carry mark-up."""

from xml.etree.ElementTree import Element

from kakehashi.outlets.feed import Entry, Feed, Said
from kakehashi.outlets.given import moment
from kakehashi.outlets.xml import add, document, element

TYPE = "application/atom+xml"
SCHEME = "urn:kakehashi:topic"


def atom(feed: Feed) -> bytes:
    """The whole document."""
    root = element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.lang})
    add(root, "id", feed.id)
    add(root, "title", feed.title)
    add(root, "subtitle", feed.subtitle)
    add(root, "updated", moment(feed.updated))
    add(add(root, "author"), "name", feed.author)
    add(root, "rights", "TLP:CLEAR")
    add(root, "link", attributes={"rel": "alternate", "type": "text/html", "href": feed.home})
    for rel in ("self", "first", "previous", "next", "last"):
        address = feed.address if rel == "self" else getattr(feed, rel)
        if address:
            add(root, "link", attributes={"rel": rel, "type": TYPE, "href": address})
    for entry in feed.entries:
        _entry(root, entry)
    return document(root)


def _entry(root: Element, entry: Entry) -> None:
    made = add(root, "entry")
    add(made, "id", entry.id)
    _said(made, "title", entry.title)
    add(made, "link", attributes={"rel": "alternate", "type": "text/html", "href": entry.address})
    add(made, "published", moment(entry.published))
    add(made, "updated", moment(entry.updated))
    add(add(made, "author"), "name", entry.author)
    _said(made, "summary", entry.summary)
    for code, name in entry.tags:
        add(made, "category", attributes={"term": code, "label": name, "scheme": SCHEME})
    add(made, "rights", " · ".join(("TLP:CLEAR", *entry.notes)))


def _said(parent: Element, name: str, said: Said) -> None:
    add(parent, name, said.text, {"type": "text", "xml:lang": said.lang})
