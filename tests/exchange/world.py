"""This node, in the test's database, in agreement with a partner that is played in plain Python."""

from datetime import datetime
from typing import Any

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions, own, signatures
from kakehashi.exchange import own as exchange_own
from kakehashi.exchange.actions import applying, channels, keysets
from kakehashi.exchange.models import Channel
from kakehashi.exchange.page import Limits, parse, split_lines
from kakehashi.exchange.verify import Judgement
from kakehashi.signing import canonical
from kakehashi.signing.keyring import Keyring
from kakehashi.signing.keys import fingerprint
from kakehashi.signing.proof import document_hash
from tests.exchange.origin import HERE, THERE, Keys, Origin

LIMITS = Limits()


def own_keys() -> Keys:
    """This node's keys, made once for all tests."""
    ring = Keyring(this.node().key_folder)
    for name in ("root", "record", "log", "http"):
        if not ring.has(name):
            ring.create(name)
    return Keys(
        HERE, *(exchange_own.private(this.node(), name) for name in ("root", "record", "log", "http"))
    )


def body(kind: str = "offer", title: str = "ペプチド医薬の提供", **changes: Any) -> dict[str, Any]:
    """A body as a partner in Kansai would write it."""
    return {
        "kind": kind,
        "revision": 1,
        "lang": "ja",
        "organisation": {"origin": THERE, "id": "6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11", "name": "なにわ製薬"},
        "een_type": "TO",
        "title": {"ja": {"text": title, "origin": "original"}},
        "summary": {"ja": {"text": "環状ペプチドのライセンス先を探しています。", "origin": "original"}},
        "partnership": ["licence"],
        "topics": ["oncology"],
        **changes,
    }


class World:
    """Both sides of one agreement in force; `there` is the partner."""

    def __init__(self, now: datetime, there: str = THERE, **grant: Any) -> None:
        self.now, self.there = now, there
        self.origin = Origin(now, here=own_keys(), node=there, **grant)
        self.lineage = self.origin.hash
        self.sign()
        keysets.remember(
            node=there, data=self.origin.keyset.data, roots=[self.origin.keys.root.public], now=now
        )
        channels.open_due_channels(now=now)

    def sign(self) -> None:
        """Meet, and sign as two clusters would: the draft comes signed, this side adds its signature."""
        card = {
            "type": "kx.card",
            "v": 1,
            "address": f"https://{self.there}/kx/v1",
            "regions": ["JP-27"],
            **next(party for party in self.origin.document["parties"] if party["node"] == self.there),
        }
        actions.add_partner(viewer=WORKER, card=card, own=HERE, now=self.now)
        said = fingerprint(self.origin.keys.root.public)
        actions.confirm_fingerprint(viewer=WORKER, node=self.there, said=said, now=self.now)
        self.take_draft(self.origin.document)

    def take_draft(self, document: dict[str, Any]) -> None:
        """A version of the agreement, signed there, then here."""
        self.receive(document)
        hash = document_hash(document)
        actions.sign_with_node_root(viewer=WORKER, hash=hash, node=this.node(), now=self.now)

    def receive(self, document: dict[str, Any]) -> None:
        """A version of the agreement, signed there."""
        mine = next(party for party in document["parties"] if party["node"] == HERE)
        assert mine["root"] == own.root_keys(this.node())
        proof = signatures.sign(document, self.there, self.origin.keys.root, self.now)
        data = canonical.encode({**document, "proof": [proof]})
        hash = document_hash(document)
        actions.receive_draft(data=data, hash=hash, sender=self.there, own=mine, now=self.now)

    @property
    def theirs(self) -> Channel:
        """The partner's channel as it stands here."""
        return Channel.objects.select_related("feed").get(pk=self.origin.channel)

    @property
    def ours(self) -> Channel:
        """This node's channel."""
        return Channel.objects.exclude(state="closed").get(own=True, lineage=self.lineage)

    def apply(self, data: bytes | None = None, *, end: int | None = None, **options: Any) -> Judgement:
        """Apply what the partner serves from here on, as bytes off the wire."""
        start = self.theirs.size
        data = self.origin.feed(start, end) if data is None else data
        page = parse(split_lines([data], LIMITS), start, LIMITS)
        options.setdefault("now", self.now)
        return applying.apply_page(name=self.origin.channel, page=page, **options)
