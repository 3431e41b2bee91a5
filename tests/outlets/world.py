"""Questions to the outlets, asked as a harvester asks them, and answers read as one reads them."""

from datetime import datetime
from typing import Any

from django.test import Client
from lxml import etree

from kakehashi.outlets import actions

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ATOM = "{http://www.w3.org/2005/Atom}"


def notice(now: datetime) -> int:
    """What the worker's job does, at a moment of the test's own."""
    count = 0
    while stamped := actions.notice(now=now):
        count += stamped
    return count


def ask(verb: str = "", post: bool = False, **arguments: Any) -> etree._Element:
    """The root of the answer; `from_` stands for from."""
    asked = {"verb": verb, **{name.rstrip("_"): value for name, value in arguments.items()}}
    client = Client()
    answer = client.post("/oai", asked) if post else client.get("/oai", asked)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def error(root: etree._Element) -> str:
    """The code of the error that was answered; empty if none."""
    found = root.find(f"{OAI}error")
    return "" if found is None else found.get("code")


def headers(root: etree._Element) -> dict[str, str]:
    """{identifier: status} of all headers in the answer."""
    return {each.findtext(f"{OAI}identifier"): each.get("status", "") for each in root.iter(f"{OAI}header")}


def walk(verb: str, **arguments: Any) -> list[etree._Element]:
    """All pages of a list, by resumption tokens."""
    pages = [ask(verb, **arguments)]
    while token := pages[-1].findtext(f".//{OAI}resumptionToken"):
        pages.append(ask(verb, resumptionToken=token))
    return pages
