"""A partner played in plain Python: it signs what it is told, honestly or not, and keeps its own tree."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from kakehashi.agreements.document import Permission, build, channel_name
from kakehashi.agreements.terms import Standing, standing
from kakehashi.exchange import checkpoint, header, keyset, verify
from kakehashi.exchange.header import Place, Signer
from kakehashi.exchange.keyset import KeySet, key_id
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Line, Page, Part, build_line, build_trailer
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import commitment, new_salt
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.proof import document_hash

HERE, THERE = "munich.example", "osaka.example"


@dataclass
class Keys:
    """The four keys of a node, and its signed key set."""

    node: str
    root: PrivateKey = field(default_factory=PrivateKey.generate)
    record: PrivateKey = field(default_factory=PrivateKey.generate)
    log: PrivateKey = field(default_factory=PrivateKey.generate)
    http: PrivateKey = field(default_factory=PrivateKey.generate)

    def ids(self) -> dict[str, tuple[str, str]]:
        return {
            key_id(self.node, "rec-1"): ("record", self.record.public),
            key_id(self.node, "log-1"): ("log", self.log.public),
            key_id(self.node, "http-1"): ("http", self.http.public),
        }

    def document(self, now: datetime, **changes: Any) -> dict[str, Any]:
        """The unsigned key set."""
        facts: dict[str, Any] = {"root": [self.root.public], "keys": self.ids()}
        return keyset.build(
            node=self.node, base=f"https://{self.node}/kx/v1", now=now, **{**facts, **changes}
        )

    def signed(self, document: dict[str, Any], now: datetime, *roots: PrivateKey) -> bytes:
        """Canonical bytes with a proof by each of `roots`."""
        every = roots or (self.root,)
        method = key_id(self.node, "root-1")
        return canonical.encode(
            {**document, "proof": [proof.sign(document, root, method=method, created=now) for root in every]}
        )

    def keyset(self, now: datetime, **changes: Any) -> KeySet:
        return keyset.parse(
            self.signed(self.document(now, **changes), now), node=self.node, roots=[self.root.public]
        )

    def signer(self) -> Signer:
        return Signer(self.record, key_id(self.node, "rec-1"))


def agreement(now: datetime, here: Keys, there: Keys, **grant: Any) -> dict[str, Any]:
    """An agreement that lets the six kinds cross both ways."""
    parties = [
        {
            "node": keys.node,
            "name": {"en": f"Demonstration node {keys.node}"},
            "country": country,
            "sector": "private",
            "root": [keys.root.public],
            "contact": f"mailto:exchange@{keys.node}",
            "place": {"en": side.title()},
            "region_name": {"en": region},
            "side": side,
        }
        for keys, country, side, region in (
            (here, "DE", "munich", "Bavaria"),
            (there, "JP", "osaka", "Kansai"),
        )
    ]
    ways = [(here.node, there.node), (there.node, here.node)] if "person" in grant.get("parts", ()) else []
    return build(
        id=uuid4(),
        parties=parties,
        basis=[{"from": sender, "to": receiver, "ref": "gdpr-46-scc"} for sender, receiver in ways],
        permissions=[
            Permission(here.node, **{"regions": ("DE-BY",), **grant}),
            Permission(there.node, **{"regions": ("JP-27",), **grant}),
        ],
        starts=now - timedelta(days=1),
        until=now + timedelta(days=700),
        notice_days=30,
    )


class Origin:
    """One node with one channel towards `here`; each `put`, `withdraw` … is a line of its log."""

    def __init__(self, now: datetime, here: Keys | None = None, node: str = THERE, **grant: Any) -> None:
        self.now, self.keys, self.here = now, Keys(node), here or Keys(HERE)
        self.keyset = self.keys.keyset(now)
        self.document = agreement(now, self.here, self.keys, **grant)
        self.hash = document_hash(self.document)
        self.channel = channel_name(node, self.hash)
        self.place = Place(node, self.channel, self.hash)
        self.lines: list[Line] = []
        self.heads: dict[UUID, tuple[int, str]] = {}
        self.log(header.keyset(self.place, hash=self.keyset.hash, now=now))

    # what it does

    def log(
        self, unsigned: dict[str, Any], parts: dict[str, Part] | None = None, signer: Signer | None = None
    ) -> Line:
        """Sign and append any header at all."""
        data = header.signed(unsigned, signer or self.keys.signer(), self.now)
        line = Line(len(self.lines), canonical.decode(data, limit=1 << 20), data, parts or {})
        self.lines.append(line)
        return line

    def chain(self, id: UUID) -> tuple[int, str | None]:
        rev, before = self.heads.get(id, (0, None))
        return rev + 1, before

    def put(
        self,
        id: UUID | None = None,
        *,
        body: Any = None,
        person: Any = None,
        signer: Signer | None = None,
        **changes: Any,
    ) -> Line:
        id = id or uuid4()
        said = {"body": body or {"title": "ペプチド"}, **({"person": person} if person else {})}
        parts = {name: Part(new_salt(), canonical.encode(data)) for name, data in said.items()}
        rev, prev = self.chain(id)
        facts: dict[str, Any] = {
            "id": id,
            "rev": rev,
            "prev": prev,
            "kind": "offer",
            "topics": ["oncology"],
            "regions": ["JP-27"],
            "tlp": "GREEN",
            "onward": "none",
            "expires": None,
            "clause": "c1",
            "parts": {
                name: commitment(part.salt, canonical.decode(part.data, limit=1 << 20))
                for name, part in parts.items()
            },
            "now": self.now,
            **{name: changes[name] for name in changes if name in _PUT},
        }
        unsigned = {**header.put(self.place, **facts), **{n: v for n, v in changes.items() if n not in _PUT}}
        line = self.log(unsigned, parts, signer)
        self.heads[id] = (rev, verify.header_hash(line.data))
        return line

    def withdraw(self, id: UUID, **changes: Any) -> Line:
        rev, prev = self.chain(id)
        unsigned = header.withdraw(
            self.place, id=id, rev=rev, prev=prev or "", reason="licensed", now=self.now
        )
        line = self.log({**unsigned, **changes})
        self.heads[id] = (rev, verify.header_hash(line.data))
        return line

    def erase(self, id: UUID, parts: list[str], *, hours: int = 72) -> Line:
        rev, prev = self.chain(id)
        deadline = self.now + timedelta(hours=hours)
        facts: dict[str, Any] = {"id": id, "rev": rev, "prev": prev or "", "parts": parts, "now": self.now}
        line = self.log(header.erase(self.place, basis="gdpr-17", deadline=deadline, **facts))
        self.heads[id] = (rev, verify.header_hash(line.data))
        return line

    # what it serves

    def frontier(self, size: int | None = None) -> Frontier:
        return Frontier().extend([leaf_hash(line.data) for line in self.lines[:size]])

    def note(self, size: int | None = None, key: PrivateKey | None = None) -> str:
        grown = self.frontier(size)
        return checkpoint.sign(self.channel, grown.size, grown.root(), key or self.keys.log).note

    def page(self, start: int = 0, end: int | None = None) -> Page:
        end = len(self.lines) if end is None else end
        return Page(next=end, note=self.note(end), lines=self.lines[start:end])

    def feed(self, start: int = 0, end: int | None = None) -> bytes:
        """The page as bytes on the wire."""
        page = self.page(start, end)
        rows = [build_line(line.index, line.data, line.parts) for line in page.lines]
        return b"".join(rows) + build_trailer(page.next, page.note)

    # what the other side knows

    def standing(self, **changes: Any) -> Standing:
        facts: dict[str, Any] = {"hash": self.hash, "lineage": self.hash, "state": "active", **changes}
        return standing(self.document, **facts)

    def trust(self, **changes: Any) -> verify.Trust:
        facts: dict[str, Any] = {
            "me": HERE,
            "latest": self.keyset,
            "keysets": {self.keyset.hash: self.keyset},
            "standing": self.standing(),
            "versions": {self.hash},
            "now": self.now,
            **changes,
        }
        return verify.Trust(**facts)

    def start(self) -> verify.Position:
        return verify.Position(self.channel, Frontier())


_PUT = {
    "id",
    "rev",
    "prev",
    "kind",
    "topics",
    "regions",
    "tlp",
    "onward",
    "expires",
    "clause",
    "parts",
    "now",
}
