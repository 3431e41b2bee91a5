"""Every page that a person can click to, one of each shape, found by following the links."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import BrowserContext

LINK = re.compile(r"<a\b(?P<more>[^>]*?)\bhref=\"(?P<address>[^\"#]+)[\"#](?P<rest>[^>]*)>")
VARIABLE = re.compile(
    r"(?<=/)(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-z-]+\.(?:example|[a-z]{2,})|\d+|[\w-]*\d[\w-]{7,})(?=/|$)"
    r"|(?:(?<=^glossary/)|(?<=/glossary/))(?!new/)[a-z0-9-]+(?=/)|(?<=\d/introductions/)[a-z]+(?=/)"
)
LEFT_OUT = ("/account/logout/", "/static/")
MOST = 120


def shape(path: str) -> str:
    """What stays of an address when names, numbers and hashes are taken out."""
    return VARIABLE.sub("*", path)


def pages(context: BrowserContext, base: str, language: str) -> dict[str, str]:
    """{shape: path without the language}; a record once for each list that leads to one."""
    start = f"/{language}/"
    found: dict[str, str] = {}
    waiting = deque([(start, "")])
    while waiting and len(found) < MOST:
        path, referrer = waiting.popleft()
        name = _name(path.removeprefix(start), referrer)
        if name in found:
            continue
        answer = context.request.get(base + path, max_redirects=0)
        if answer.status in (301, 302):
            waiting.append((urlsplit(urljoin(path, answer.headers["location"])).path, referrer))
            found[name] = ""
        elif answer.ok and answer.headers["content-type"].startswith("text/html"):
            found[name] = path.removeprefix(start)
            waiting.extend((link, path.removeprefix(start)) for link in _links(answer.text(), path, start))
        else:
            assert answer.status < 500, f"{answer.status} {path}"
            found[name] = ""
    return {name: path for name, path in found.items() if path or name == ""}


def _name(path: str, referrer: str) -> str:
    """Records look different by kind, and lists are of one kind: the list is part of the name."""
    own = shape(path)
    listed = referrer == "organisations/" or (referrer.startswith("records/") and referrer.count("/") == 2)
    return f"{own} of {referrer}" if own == "records/*/*/" and listed else own


def _links(html: str, path: str, start: str) -> Iterator[str]:
    """The pages that a page leads to, their query strings left out."""
    for link in LINK.finditer(html):
        if "download" in link["more"] + link["rest"]:
            continue
        target = urlsplit(urljoin(path, link["address"]))
        if not target.netloc and target.path.startswith(start) and not target.path.endswith(LEFT_OUT):
            yield target.path
