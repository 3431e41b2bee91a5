"""The routes of KX/1 that a partner calls (EXCHANGE.md section 15): signed requests in, JSON out."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial, wraps
from threading import BoundedSemaphore
from typing import Any

import orjson
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import own as agreements_own
from kakehashi.agreements import queries as agreement_queries
from kakehashi.agreements.cards import party_of
from kakehashi.errors import (
    Conflict,
    ExchangeError,
    InvalidInput,
    NotAllowed,
    NotCanonical,
    NotFound,
    Recovering,
    SigningError,
)
from kakehashi.exchange import coding, queries
from kakehashi.exchange import http_signature as signatures
from kakehashi.exchange import page as pages
from kakehashi.exchange.actions import ending, feeding
from kakehashi.exchange.buckets import Buckets, Untold
from kakehashi.exchange.callers import fetch_again, http_key
from kakehashi.exchange.client import MEDIA_TYPE
from kakehashi.exchange.http_signature import Message, Nonces
from kakehashi.exchange.keyset import node_of
from kakehashi.exchange.models import KeySetVersion
from kakehashi.exchange.problems import problem

MAX_BODY = 1_048_576
MAX_WAIT = 25
ANYBODY, ANYBODYS_PER_MINUTE = "", 600
MOST_UNTOLD = 2 * feeding.RECEIPT_ENTRIES  # entries that a reader may read beyond its last receipt
UNTOLD_FOR = timedelta(hours=24)
LOOK_EVERY = 0.05  # seconds between looks at the size while a partner waits
WAITING = BoundedSemaphore(8)
BUILDING = BoundedSemaphore(2)
NONCES = Nonces()
BUCKETS = Buckets()
UNTOLD = Untold()


@dataclass(frozen=True)
class Call:
    """An authenticated request: the partner's node name, the body, and the id of the key that signed it."""

    peer: str
    body: bytes
    key: str


Handler = Callable[..., HttpResponse]


def answering(handler: Handler) -> Handler:
    """Every error that a route may end in becomes a problem document of section 16."""

    @csrf_exempt
    @wraps(handler)
    def view(request: Request, *args: Any, **options: Any) -> HttpResponse:
        try:
            response = handler(request, *args, **options)
        except ExchangeError as e:
            response = problem(e.code, e.detail)
        except NotFound:
            response = problem("not-found")
        except NotAllowed:
            response = problem("not-a-party")
        except (InvalidInput, NotCanonical, SigningError) as e:
            response = problem(
                "not-canonical" if isinstance(e, NotCanonical) else "bad-request", str(e)[:300]
            )
        except Recovering:
            response = problem("origin-recovering")
        except Conflict as e:
            response = problem("agreement-conflict", str(e)[:300])
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return view


def signed(*methods: str) -> Callable[[Handler], Handler]:
    """Only these methods, only a signed request of a known partner; the route gets the `Call`."""

    def decorate(handler: Handler) -> Handler:
        @answering
        @wraps(handler)
        def view(request: Request, *args: Any, **options: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            return handler(request, _authenticated(request), *args, **options)

        return view

    return decorate


def _authenticated(request: Request) -> Call:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY:
        raise ExchangeError("too-large")
    _must_be_understood(request)
    now, body = request.now, request.body
    query = request.META.get("QUERY_STRING", "")
    # The authority comes from configuration, never from the Host header.
    url = f"https://{this.node().name}{request.path_info}" + (f"?{query}" if query else "")
    message = Message(request.method or "", url, dict(request.headers.items()))
    caller = signatures.authenticate(message, body, public_key=lambda key: http_key(key, now), now=now)
    peer = node_of(caller.key_id) or ""
    BUCKETS.take(peer, now, queries.requests_per_minute(peer, now))
    NONCES.use(caller, now)
    return Call(peer, body, caller.key_id)


def _must_be_understood(request: Request) -> None:
    """Bodies come plain, and whoever asks for versions of the protocol must take the one that is spoken."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise ExchangeError("unsupported-encoding", "requests are sent plain")
    accepted = request.headers.get("Accept", "")
    if "application/vnd.kx." in accepted and MEDIA_TYPE not in accepted:
        raise ExchangeError("unsupported-version", f"this is {MEDIA_TYPE}")


@answering
def unknown(request: Request) -> HttpResponse:
    """Every address below that of the protocol which is none of its routes."""
    raise ExchangeError("not-found")


@answering
def key_set(request: Request) -> HttpResponse:
    """GET /.well-known/kx: this node's key set; `?version=` gives a former one.

    Nobody signs this request, so all who ask share one bucket; partners fetch once a day, and can wait.
    """
    BUCKETS.take(ANYBODY, request.now, ANYBODYS_PER_MINUTE)
    wanted = request.GET.get("version", "")
    rows = KeySetVersion.objects.filter(node=this.node().name).order_by("-version")
    if wanted:
        rows = rows.filter(version=number(wanted, 1, 10**6))
    row = rows.first()
    if request.method != "GET" or row is None:
        raise ExchangeError("not-found")
    etag = f'"{row.hash}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    headers = {"ETag": etag, "Cache-Control": "max-age=300"}
    return HttpResponse(bytes(row.data), content_type=MEDIA_TYPE, headers=headers)


@signed("GET", "PUT")
def agreement(request: Request, call: Call, hash: str) -> HttpResponse:
    """GET: the signed document, for its parties. PUT: a draft from a confirmed partner; activates nothing."""
    if request.method == "GET":
        return HttpResponse(agreement_queries.for_party(call.peer, hash), content_type=MEDIA_TYPE)
    own = party_of(agreements_own.card(this.node()))
    _, created = agreements.receive_draft(
        data=call.body, hash=hash, sender=call.peer, own=own, now=request.now
    )
    return HttpResponse(status=201 if created else 200)


@signed("POST")
def proofs(request: Request, call: Call, hash: str) -> HttpResponse:
    """A party's signature; activates when it is the last one."""
    agreements.receive_proof(data=call.body, hash=hash, sender=call.peer, now=request.now)
    return HttpResponse(status=200)


@signed("POST")
def termination(request: Request, call: Call, hash: str) -> HttpResponse:
    """A party's signed end."""
    agreements.receive_termination(data=call.body, hash=hash, sender=call.peer, now=request.now)
    return HttpResponse(status=200)


@signed("GET")
def channel(request: Request, call: Call, name: str) -> HttpResponse:
    """Cheap status: size, checkpoint, epoch, state."""
    found, _ = queries.for_reader(name, call.peer, request.now)
    facts = {
        "size": found.size,
        "checkpoint": queries.dated_head(found, found.size, request.now).note if found.size else "",
        "epoch": found.epoch,
        "state": found.state,
    }
    return HttpResponse(orjson.dumps(facts), content_type=MEDIA_TYPE)


@signed("GET")
def entries(request: Request, call: Call, name: str) -> HttpResponse:
    """The feed: one page as NDJSON, answered at once when there is something, else after `wait` seconds."""
    now = request.now
    start = number(request.GET.get("from", "0"), 0, 2**53)
    limit = number(request.GET.get("limit", str(pages.DEFAULT_LIMIT)), 256, pages.MAX_LIMIT)
    wait = number(request.GET.get("wait", "0"), 0, MAX_WAIT)
    with_parts = request.GET.get("parts", "1") != "0"
    if limit % 256:
        raise ExchangeError("bad-request", "limit is a multiple of 256")
    found, standing = queries.for_reader(name, call.peer, now)
    if with_parts and queries.is_over(standing, now):
        raise ExchangeError("agreement-ended")
    _must_acknowledge(name, call.peer, start - queries.received_size(found, call.peer), now)
    if start >= found.size and wait:
        _wait_for(name, start, wait)
        found, standing = queries.for_reader(name, call.peer, now)
    if not BUILDING.acquire(timeout=10):
        raise ExchangeError("overloaded")
    try:
        body = queries.page(
            found, standing, call.peer, start=start, limit=limit, with_parts=with_parts, now=now
        )
    finally:
        BUILDING.release()
    feeding.note_read(name=name, peer=call.peer, key=call.key, start=start, page=body, now=now)
    return coded(request, body)


@signed("POST")
def receipts(request: Request, call: Call, name: str) -> HttpResponse:
    """The reader's cosigned receipt; 200 also on repeat. The reader's log key may be newer than our fetch."""
    found, _ = queries.for_reader(name, call.peer, request.now)
    take = partial(feeding.take_receipt, channel=found, peer=call.peer, data=call.body, now=request.now)
    try:
        take()
    except ExchangeError as e:
        if e.code != "key-unknown" or not fetch_again(call.peer, request.now):
            raise
        take()
    return HttpResponse(status=200)


@signed("POST")
def purge(request: Request, call: Call, name: str) -> HttpResponse:
    """The reader's statement that its copies are deleted, after the end; 200 also on repeat."""
    found, _ = queries.for_reader(name, call.peer, request.now)
    ending.take_purge(channel=found, peer=call.peer, data=call.body, now=request.now)
    return HttpResponse(status=200)


@signed("GET")
def latest_receipt(request: Request, call: Call, name: str) -> HttpResponse:
    """The last receipt for a channel, for its reader, or for its origin: then for all that is applied now."""
    feeding.cosign_now(name=name, origin=call.peer, now=request.now)
    row = queries.receipt_between(name, call.peer)
    return HttpResponse(bytes(row.data), content_type=MEDIA_TYPE)


def _must_acknowledge(name: str, peer: str, untold: int, now: datetime) -> None:
    """Whoever reads on and on, or for a day, and sends no receipt gets no more (threat 25)."""
    if untold > MOST_UNTOLD or now - UNTOLD.since(name, peer, untold, now) >= UNTOLD_FOR:
        raise ExchangeError("channel-suspended", "send a receipt for what you have read")


def _wait_for(name: str, start: int, seconds: int) -> None:
    """Hold the request until the log grows; at most eight wait at once, the others are answered at once."""
    if not WAITING.acquire(blocking=False):
        return
    try:
        until = time.monotonic() + seconds
        while queries.size_of(name) <= start and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
    finally:
        WAITING.release()


def coded(request: Request, body: bytes) -> HttpResponse:
    """A feed as the caller accepts it: packed, if it may be."""
    chosen = coding.choose(request.headers.get("Accept-Encoding", ""))
    headers = {"Vary": "Accept-Encoding", **({"Content-Encoding": chosen} if chosen else {})}
    return HttpResponse(coding.encode(body, chosen), content_type=pages.MEDIA_TYPE, headers=headers)


def number(text: str, least: int, most: int) -> int:
    """A number of a query; ExchangeError bad-request for anything else, or beyond its bounds."""
    if not text.isascii() or not text.isdigit() or len(text) > 16 or not least <= int(text) <= most:
        raise ExchangeError("bad-request", "a number is out of range")
    return int(text)
