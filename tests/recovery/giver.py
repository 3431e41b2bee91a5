"""A partner whose log is read here: it serves pages, takes receipts, and refuses those that go back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kakehashi.exchange.client import Client
from kakehashi.recovery.asking import size_in
from tests.exchange.world import World
from tests.recovery.server import Answer, served

REFUSED = b'{"type":"urn:kx:err:receipt-rollback"}'


@dataclass
class Giver:
    """`ends_at`: where its pages end, if not at the newest size. `refuses`: every receipt, and shows none."""

    world: World
    receipt: bytes = b""
    ends_at: int | None = None
    refuses: bool = False

    @property
    def acknowledged(self) -> int:
        return size_in(self.receipt)

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        if path.startswith("/.well-known/kx"):
            return 200, self.world.origin.keyset.data
        if method == "POST":
            if self.refuses or size_in(body) < self.acknowledged:
                return 409, REFUSED
            self.receipt = body
            return 200, b""
        if path.endswith("/receipts/latest"):
            return (200, self.receipt) if self.receipt else (404, b'{"type":"urn:kx:err:not-found"}')
        start = int(path.partition("from=")[2].partition("&")[0])
        return 200, self.world.origin.feed(start, self.ends_at)

    @contextmanager
    def serving(self) -> Iterator[Client]:
        with served(self.answer) as client:
            yield client
