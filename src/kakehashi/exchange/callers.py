"""Finds the key that a request was signed with, fetching the key set of a confirmed partner if it must."""

from datetime import datetime, timedelta
from functools import cache
from threading import Lock

from kakehashi import this
from kakehashi.agreements.queries import trusted_roots
from kakehashi.exchange.client import Client
from kakehashi.exchange.keyset import node_of
from kakehashi.exchange.pulling import refresh
from kakehashi.exchange.trusting import own_signer, public_http_key

PAUSE = timedelta(
    seconds=10
)  # between two fetches from one partner: a stranger may name its keys as he likes
_asked: dict[str, datetime] = {}
_lock = Lock()


def http_key(key_id: str, now: datetime) -> str | None:
    """The public http key of that id; None if no confirmed partner has it."""
    node = node_of(key_id)
    if node is None or not trusted_roots(node):
        return None
    found = public_http_key(key_id, now)
    if found is not None:
        return found
    return public_http_key(key_id, now) if fetch_again(node, now) else None


def fetch_again(node: str, now: datetime) -> bool:
    """Fetch a partner's key set, unless that was done a moment ago; True if it could be had."""
    with _lock:
        if now - _asked.get(node, now - PAUSE) < PAUSE:
            return False
        _asked[node] = now
    return refresh(_client(), node, now, force=True) is not None


@cache
def _client() -> Client:
    node = this.node()
    return Client(node, demo=node.demo, signer=lambda: own_signer("http"))
