"""A partner that reads this node's log, played in plain Python: it keeps what it read and gives it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kakehashi import clock
from kakehashi.exchange import checkpoint, history, receipt
from kakehashi.exchange.client import Client
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Line, build_line, build_trailer
from tests.exchange.calls import call, read
from tests.exchange.origin import HERE
from tests.exchange.world import World
from tests.recovery.server import Answer, served

PAGE = 2048  # entries; whoever reads on and on must acknowledge in between


@dataclass
class Reader:
    """What the partner has of our log. `asked`: paths that it was asked for. `speaks`: it answers at all."""

    world: World
    lines: list[Line] = field(default_factory=list)
    note: str = ""
    told: str = ""  # another note than its own, which the mirror tells
    asked: list[str] = field(default_factory=list)
    speaks: bool = True
    keysets: list[bytes] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.world.ours.name

    def pull(self) -> None:
        """Read on, as a partner does over the network, and check that nothing was rewritten."""
        while True:
            start = len(self.lines)
            path = f"/channels/{self.name}/entries?from={start}&limit={PAGE}"
            page = read(call("GET", path, keys=self.world.origin.keys, now=clock.now()), start)
            self.lines += page.lines
            if not page.lines:
                return
            self.note = page.note
            noted = checkpoint.parse(page.note)
            assert (noted.size, noted.root) == (len(self.lines), self.root())
            self.keysets = history.key_sets([HERE])
            if len(page.lines) == PAGE:
                self.acknowledge()

    def root(self) -> bytes:
        return Frontier().extend([leaf_hash(line.data) for line in self.lines]).root()

    def receipt(self) -> bytes:
        """Our newest checkpoint that it has read, cosigned."""
        noted = checkpoint.parse(self.note)
        keys = self.world.origin.keys
        cosigned = checkpoint.cosign(noted, keys.node, keys.log, int(clock.now().timestamp()))
        return receipt.build(cosigned, erased=[], rejected=[])

    def acknowledge(self) -> None:
        path = f"/channels/{self.name}/receipts"
        answer = call("POST", path, keys=self.world.origin.keys, now=clock.now(), body=self.receipt())
        assert answer.status_code == 200, answer.content

    # what it serves

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        self.asked.append(path)
        if not self.speaks:
            return 503, b'{"type":"urn:kx:err:overloaded"}'
        if path.startswith("/.well-known/kx"):
            return 200, self.world.origin.keyset.data
        if path.endswith("/receipts/latest"):
            return (200, self.receipt()) if self.note else (404, b'{"type":"urn:kx:err:not-found"}')
        if path.endswith("/keysets"):
            return 200, b"".join(data + b"\n" for data in self.keysets)
        if "/mirror/" in path:
            return 200, self.mirror(path)
        return 404, b'{"type":"urn:kx:err:not-found"}'

    def mirror(self, path: str) -> bytes:
        query = dict(pair.split("=") for pair in path.partition("?")[2].split("&"))
        start, with_parts = int(query["from"]), query["parts"] != "0"
        end = min(start + int(query["limit"]), len(self.lines))
        rows = [
            build_line(line.index, line.data, line.parts if with_parts else {})
            for line in self.lines[start:end]
        ]
        return b"".join(rows) + build_trailer(end, self.told or self.note, len(self.lines))

    @contextmanager
    def serving(self) -> Iterator[Client]:
        """The partner on a port of this machine, and the node's client that is led to it."""
        with served(self.answer, node=self.world.there) as client:
            yield client
