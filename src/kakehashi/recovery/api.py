"""The mirror: what this node holds of a partner's log, given back to that partner alone."""

from django.http import HttpResponse

from kakehashi.accounts.request import Request
from kakehashi.errors import ExchangeError
from kakehashi.exchange import page as pages
from kakehashi.exchange import queries
from kakehashi.exchange.actions import feeding
from kakehashi.exchange.api import Call, coded, number, signed


@signed("GET")
def entries(request: Request, call: Call, name: str) -> HttpResponse:
    """Entries of the caller's own log, with the parts that are kept here and its newest note."""
    start = number(request.GET.get("from", "0"), 0, 2**53)
    limit = number(request.GET.get("limit", str(pages.DEFAULT_LIMIT)), 256, pages.MAX_LIMIT)
    if limit % 256:
        raise ExchangeError("bad-request", "limit is a multiple of 256")
    with_parts = request.GET.get("parts", "1") != "0"
    body = queries.mirror(name, call.peer, start=start, limit=limit, with_parts=with_parts)
    feeding.note_read(name=name, peer=call.peer, key=call.key, start=start, page=body, now=request.now)
    return coded(request, body)


@signed("GET")
def keysets(request: Request, call: Call, name: str) -> HttpResponse:
    """The caller's own key sets as they are kept here, one a line, oldest first."""
    return coded(request, b"".join(data + b"\n" for data in queries.mirrored_keysets(name, call.peer)))
