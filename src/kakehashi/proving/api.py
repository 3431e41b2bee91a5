"""The log as C2SP tlog-tiles for partners' auditors: headers only, the same tree, no new trust."""

from collections.abc import Iterable

from django.http import HttpResponse

from kakehashi.accounts.request import Request
from kakehashi.errors import ExchangeError
from kakehashi.exchange import history
from kakehashi.exchange import queries as exchange
from kakehashi.exchange.api import Call, signed
from kakehashi.exchange.models import Channel
from kakehashi.proving import queries
from kakehashi.proving.merkle import TILE

BYTES = "application/octet-stream"
FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}


@signed("GET")
def checkpoint(request: Request, call: Call, name: str) -> HttpResponse:
    """The newest signed head."""
    channel, _ = exchange.for_reader(name, call.peer, request.now)
    return HttpResponse(history.newest_note(channel), content_type="text/plain; charset=utf-8")


@signed("GET")
def tile(
    request: Request, call: Call, name: str, level: str, n: str, width: str | None = None
) -> HttpResponse:
    """The hashes of one tile: leaves on level 0, roots of full tiles above."""
    channel, _ = exchange.for_reader(name, call.peer, request.now)
    first, last = _range(channel, int(level), n, width)
    return _answer(queries.hashes(channel)(int(level), first, last))


@signed("GET")
def entries(request: Request, call: Call, name: str, n: str, width: str | None = None) -> HttpResponse:
    """The headers under one tile of leaves, each after its length in two bytes."""
    channel, _ = exchange.for_reader(name, call.peer, request.now)
    first, last = _range(channel, 0, n, width)
    return _answer(len(data).to_bytes(2, "big") + data for data in history.headers(channel, first, last))


def _range(channel: Channel, level: int, n: str, width: str | None) -> tuple[int, int]:
    """The hashes of a tile that this size has; ExchangeError not-found for any that it does not."""
    first = int(n.replace("x", "").replace("/", "")) * TILE
    last = first + (int(width) if width else TILE)
    if level > 7 or last * TILE**level > channel.size or (width and not 0 < int(width) < TILE):
        raise ExchangeError("not-found")
    return first, last


def _answer(pieces: Iterable[bytes]) -> HttpResponse:
    return HttpResponse(b"".join(pieces), content_type=BYTES, headers=FOR_GOOD)
