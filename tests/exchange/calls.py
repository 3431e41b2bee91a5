"""Requests as a partner makes them, to the routes of this node, signed by whichever key the test names."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from kakehashi.exchange.http_signature import Message, sign
from kakehashi.exchange.keyset import key_id
from kakehashi.exchange.page import Limits, Page, parse, split_lines
from tests.exchange.origin import HERE, Keys

NOBODY = Client()  # one for all: partners send no cookies, and each new one finds all static files again


def call(
    method: str,
    path: str,
    *,
    keys: Keys,
    now: datetime,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """One signed request below this node's base."""
    message = Message(method, f"https://{HERE}/kx/v1{path}", {"content-type": "application/vnd.kx.v1+json"})
    sign(message, body, key=keys.http, key_id=key_id(keys.node, "http-1"), now=now)
    return send(message, body, headers or {})


def send(message: Message, body: bytes = b"", headers: dict[str, str] | None = None) -> HttpResponse:
    """The request as it stands, through Django's test client."""
    path = message.url.removeprefix(f"https://{HERE}")
    sent: Any = {**message.headers, **(headers or {})}
    kind = sent.pop("content-type", "application/octet-stream")
    return NOBODY.generic(message.method, path, body, content_type=kind, headers=sent)


def code(answer: HttpResponse) -> str:
    """The code of a problem document."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:200]
    return str(answer.json()["type"]).removeprefix("urn:kx:err:")  # type: ignore[attr-defined]


def read(answer: HttpResponse, start: int = 0, *, mirror: bool = False) -> Page:
    assert answer.status_code == 200, answer.content
    return parse(split_lines([answer.content], Limits()), start, Limits(), mirror=mirror)
