"""The only place of the exchange that opens a socket: one signed request to one partner."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from kakehashi import clock
from kakehashi.errors import LogError, PeerError
from kakehashi.exchange import coding
from kakehashi.exchange import http_signature as signatures
from kakehashi.exchange.header import Signer
from kakehashi.exchange.http_signature import Message
from kakehashi.exchange.peers import Way, check_peers, way
from kakehashi.node import Node

CONNECT_SECONDS = 10.0
READ_SECONDS = 15.0
WHOLE_SECONDS = 120.0
MAX_SKEW = 120.0  # seconds that clocks may differ: beyond, requests are refused as replays (section 10)
LONGEST_REST = 300  # seconds
MAX_SMALL = 262_144  # bytes of every answer that is not a feed page
MEDIA_TYPE = "application/vnd.kx.v1+json"


@dataclass(frozen=True)
class Answer:
    """What came back. `body` yields decoded pieces within the caps; it may raise LogError or PeerError."""

    status: int
    headers: httpx.Headers
    body: Iterator[bytes]

    def read(self) -> bytes:
        return b"".join(self.body)

    @property
    def after(self) -> float:
        """Seconds for which the partner wants to be left alone (Retry-After), five minutes at most."""
        said = self.headers.get("retry-after", "")
        return float(min(int(said[:9]), LONGEST_REST)) if said.isascii() and said.isdigit() else 0.0

    @property
    def code(self) -> str:
        """The code of a problem document; not trusted beyond choosing what to do next."""
        try:
            kind = json.loads(self.read()).get("type", "")
        except (ValueError, AttributeError, LogError, PeerError, RecursionError):
            return "bad-answer"
        code = kind.removeprefix("urn:kx:err:") if isinstance(kind, str) else ""
        return code if code and len(code) <= 40 and code.replace("-", "").isalnum() else "bad-answer"


@dataclass(frozen=True)
class Call:
    """A request that is signed and may be sent, by any thread: it needs nothing of the database any more."""

    request: httpx.Request
    limit: int
    seconds: float  # that the whole answer may take


class Client:
    """Requests of one node; `signer` gives the http key that signs them now."""

    def __init__(self, node: Node, *, demo: bool, signer: Callable[[], Signer]) -> None:
        self.node, self.demo, self.signer = node, demo, signer
        self.http = httpx.Client(
            trust_env=False,  # no proxies and no credentials from the environment
            follow_redirects=False,
            verify=_certificates(),
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=16, keepalive_expiry=30),
        )

    def close(self) -> None:
        self.http.close()

    @contextmanager
    def request(self, method: str, url: str, **options: Any) -> Iterator[Answer]:
        """One request to `url`, which begins with a signed base. PeerError if there is no usable answer."""
        with self.send(self.prepare(method, url, **options)) as answer:
            yield answer

    def prepare(
        self,
        method: str,
        url: str,
        *,
        now: datetime,
        body: bytes = b"",
        accept: str = MEDIA_TYPE,
        wait: float = 0,
        limit: int = MAX_SMALL,
        signed: bool = True,
    ) -> Call:
        """The same request, signed and directed to the partner's address, but not yet sent."""
        message = Message(method, url, {"accept": accept, "accept-encoding": "zstd, gzip"})
        if body:
            message.headers["content-type"] = MEDIA_TYPE
        if signed:
            signer = self.signer()
            signatures.sign(message, body, key=signer.key, key_id=signer.key_id, now=now)
        target = way(url, peers=peer_table(self.node), demo=self.demo, resolve=resolve)
        timeout = httpx.Timeout(READ_SECONDS + wait, connect=CONNECT_SECONDS)
        try:
            request = self._build(message, target, body, timeout)
        except httpx.InvalidURL as e:
            raise PeerError("unreachable", type(e).__name__) from e
        return Call(request, limit, WHOLE_SECONDS + wait)

    @contextmanager
    def send(self, call: Call) -> Iterator[Answer]:
        """Send what was prepared. PeerError if there is no usable answer."""
        deadline = time.monotonic() + call.seconds
        try:
            response = self.http.send(call.request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as e:
            raise PeerError("unreachable", type(e).__name__) from e
        try:
            if response.is_redirect:
                raise PeerError("redirected", status=response.status_code)
            _check_clocks(response.headers.get("date", ""), clock.now())
            yield Answer(response.status_code, response.headers, _body(response, call.limit, deadline))
        finally:
            response.close()

    def _build(self, message: Message, target: Way, body: bytes, timeout: httpx.Timeout) -> httpx.Request:
        parts = urlsplit(message.url)
        query = f"?{parts.query}" if parts.query else ""
        address = f"{target.scheme}://{target.authority}{parts.path}{query}"
        headers = {**message.headers, "host": target.name, "user-agent": "kakehashi"}
        extensions = {"sni_hostname": target.name, "timeout": timeout.as_dict()}
        return self.http.build_request(
            message.method, address, headers=headers, content=body or None, extensions=extensions
        )


def _check_clocks(date: str, now: datetime) -> None:
    """PeerError clock-skew, which names the skew, if the partner's clock and this one differ too much."""
    if abs(found := skew(date, now)) > MAX_SKEW:
        raise PeerError("clock-skew", f"{found:+.0f}")


def skew(date: str, now: datetime) -> float:
    """Seconds by which the clock that gave `date` (an HTTP date, cut to the second) is ahead of this one.

    0 for what is no date.
    """
    try:
        return (parsedate_to_datetime(date) - now).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def peer_table(node: Node) -> dict[str, str]:
    """The unsigned table of a demonstration: node name to loopback address, written anew at every start."""
    try:
        found = json.loads((node.folder / "peers.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(address) for name, address in found.items()} if isinstance(found, dict) else {}


def check_at_start(node: Node, *, demo: bool) -> None:
    """NodeMisconfigured if the peer table has no place here."""
    check_peers(peer_table(node), demo)


def resolve(name: str, port: int) -> list[str]:
    """All addresses of a name; none if it has none."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[4][0]) for address in found]


def _body(response: httpx.Response, limit: int, deadline: float) -> Iterator[bytes]:
    def raw() -> Iterator[bytes]:
        try:
            for chunk in response.iter_raw():
                if time.monotonic() > deadline:
                    raise PeerError("too-slow", status=response.status_code)
                yield chunk
        except (httpx.HTTPError, httpx.StreamError, OSError) as e:
            raise PeerError("unreachable", type(e).__name__) from e

    return coding.decode(raw(), response.headers.get("content-encoding", "").strip().lower(), limit)


@cache
def _certificates() -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
