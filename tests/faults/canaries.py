"""Marked records on three nodes: each mark is only where the agreements allow it to be (C8).

`python -m tests.faults.canaries --records 10000 --cases 1 --state FILE`: each case draws new agreements on
three new nodes, and so many offers on each of them. The marks are looked for in every file of every node, and
in what each answers to the public, to members and to its team. What may be where is worked out here from the
text of EXCHANGE.md (4, 11, 12) alone.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from kakehashi.agreements import document as documents
from kakehashi.agreements.cards import party_of
from kakehashi.agreements.document import Permission
from tests.faults import long
from tests.faults.spreading import MARK, TOPICS
from tests.two_nodes.nodes import Running, third_node, two_nodes

RECORDS = 2000  # offers on each node
ASKED = 200  # records whose pages are asked for; lists, feeds and outlets are read, too
REGIONS = {"munich": "DE-BY", "osaka": "JP-27", "kyoto": "JP-26"}
AGREEMENTS = (
    ("munich", "osaka"),
    ("munich", "kyoto"),
    ("munich", "osaka", "kyoto"),
)  # never the last two alone
TLP = ("CLEAR", "GREEN", "AMBER", "RED")
ONWARD = ("none", "members", "public")
DEEDS = "tests.faults.spreading."
KINDS = (("organisation", "offer"), ("organisation", "offer"), ("organisation",), ("offer",))
Record = dict[str, Any]
Document = dict[str, Any]


@contextmanager
def three_nodes(home: Path) -> Iterator[Running]:
    """Munich, Osaka and Kyoto, each the partner of each, no agreement yet."""
    with two_nodes(home, agreed=False) as running, third_node(running, home):
        cards = {side: running.do(side, "card") for side in running.nodes}
        for side in running.nodes:
            for other in cards.keys() - {side}:
                running.do(side, "meet", card=cards[other])
            running.do(side, "follow")
        yield running


class Canaries:
    """Agreements that allow this and that, and records of which each mark is known."""

    def __init__(self, running: Running, rng: random.Random) -> None:
        self.running, self.rng = running, rng
        self.parties = {side: party_of(running.do(side, "card")) for side in running.nodes}
        self.standing: dict[str, Document] = {}  # by lineage
        self.records: dict[str, list[Record]] = {}

    def agree(self, sides: tuple[str, ...], former: Document | None = None) -> None:
        """A first or a further agreement, or the next version of one; signed by all of its parties."""
        now = datetime.now(UTC)
        document = documents.build(
            id=uuid4(),
            former=former,
            parties=[self.parties[side] for side in sides],
            permissions=[self.permission(side) for side in sides],
            basis=[
                {"from": f"{a}.example", "to": f"{b}.example", "ref": "gdpr-45-adequacy"}
                for a in sides
                for b in sides
                if a != b
            ],
            starts=now - timedelta(minutes=1),
            until=now + timedelta(days=900),
            notice_days=30,
        )
        hash = self.running.do(sides[0], DEEDS + "agree", document=document)
        self.running.do(sides[0], "deliver")
        for side in sides[1:]:
            self.running.do(side, DEEDS + "sign", hash=hash)
            self.running.do(side, "deliver")
        lineage = next(
            (name for name, d in self.standing.items() if former and d["id"] == former["id"]), hash
        )
        self.standing[lineage] = document

    def permission(self, side: str) -> Permission:
        pick = self.rng
        return Permission(
            f"{side}.example",
            regions=pick.choice([("*",), (REGIONS[side],)]),
            kinds=pick.choice(
                [("organisation", "offer"), ("organisation",), ("offer",), ("organisation", "offer")]
            ),
            topics=pick.choice([("*",), ("*",), tuple(pick.sample(TOPICS, 2))]),
            tlp_max=pick.choice(TLP[:3]),
            parts=pick.choice([("body",), ("body", "person")]),
            onward=pick.choice(ONWARD),
        )

    def spread(self, count: int) -> None:
        for side in self.running.nodes:
            mine = [
                name
                for name, d in self.standing.items()
                if any(p["node"] == f"{side}.example" for p in d["parties"])
            ]
            given = {
                "seed": str(self.rng.random()),
                "count": count,
                "region": REGIONS[side],
                "lineages": mine,
            }
            self.records[side] = self.running.do(side, DEEDS + "spread", **given)

    def exchange(self) -> None:
        for _ in range(2):  # what one learns in the first round is written in the second
            for action in ("follow", "forgive", "pull"):
                for side in self.running.nodes:
                    self.running.do(side, action)

    # what must be where

    def given(self, origin: str, record: Record, to: str) -> dict[str, str]:
        """By part that `to` may have of a record of `origin`: how far it may pass it on."""
        found: dict[str, str] = {}
        for lineage, document in self.standing.items():
            grants = [g for g in document["grants"] if self.grants(g, origin, record, to)]
            reaches = record["audience"] in ("agreements", "public") or lineage in record["named"]
            if not reaches or not record["published"] or record["tlp"] == "RED":
                continue
            for part in record["marks"]:
                for grant in grants:
                    if part in grant["parts"]:
                        ways = [
                            found.get(part, "none"),
                            min(grant["onward"], record["onward"], key=ONWARD.index),
                        ]
                        found[part] = max(ways, key=ONWARD.index)
        return found

    @staticmethod
    def grants(grant: Document, origin: str, record: Record, to: str) -> bool:
        return (
            grant["from"] == f"{origin}.example"
            and f"{to}.example" in grant["to"]
            and record["kind"] in grant["kinds"]
            and (grant["topics"] == ["*"] or bool({*grant["topics"]} & {*record["topics"]}))
            and (grant["regions"] == ["*"] or record["region"] in grant["regions"])
            and TLP.index(record["tlp"]) <= TLP.index(grant["tlp_max"])
        )

    def may_have(self, side: str) -> set[str]:
        """The marks that may be in a file of a node."""
        marks = {mark for record in self.records[side] for mark in record["marks"].values()}
        for origin in self.records.keys() - {side}:
            for record in self.records[origin]:
                marks |= {record["marks"][part] for part in self.given(origin, record, side)}
        return marks

    def may_show(self, side: str, role: str) -> set[str]:
        """The marks that a node may answer with."""
        if role == "EDITOR":
            return self.may_have(side)
        audiences = {"PUBLIC": {"public"}, "MEMBER": {"public", "members", "named", "agreements"}}[role]
        onward = {"PUBLIC": {"public"}, "MEMBER": {"public", "members"}}[role]
        own = [r for r in self.records[side] if r["published"] and r["audience"] in audiences]
        marks = {mark for record in own for mark in record["marks"].values()}
        for origin in self.records.keys() - {side}:
            for record in self.records[origin]:
                if role == "PUBLIC" and record["tlp"] != "CLEAR":
                    continue
                marks |= {
                    record["marks"][p] for p, way in self.given(origin, record, side).items() if way in onward
                }
        return marks

    # what is where

    def in_files(self, side: str) -> set[str]:
        files = [path for path in self.running.nodes[side].folder.rglob("*") if path.is_file()]
        return {mark.decode() for path in files for mark in MARK.findall(path.read_bytes().lower())}

    def check_files(self) -> int:
        """No file of a node has a mark that it may not have. Gives how many foreign marks were found."""
        foreign = 0
        for side in self.running.nodes:
            found = self.in_files(side)
            assert found <= self.may_have(side), (side, "files", sorted(found - self.may_have(side))[:5])
            own = {mark for record in self.records[side] for mark in record["marks"].values()}
            assert own <= found  # they are there, so that it means something when others are not
            foreign += len(found - own)
        return foreign

    def check_answers(self) -> None:
        """Nobody is answered with a mark that is not for them, and the team is shown all that is."""
        every = [(f"{side}.example", record) for side, records in self.records.items() for record in records]
        asked = self.rng.sample(every, min(len(every), ASKED))
        addresses = [(origin, record["id"]) for origin, record in asked]
        bodies = {record["marks"]["body"] for _, record in asked}
        for side in self.running.nodes:
            for role, marks in self.running.do(side, DEEDS + "answers", records=addresses).items():
                extra = set(marks) - self.may_show(side, role)
                assert not extra, (side, role, sorted(extra)[:5])
                missing = (bodies & self.may_have(side)) - set(marks)
                assert role != "EDITOR" or not missing, (side, "missing", sorted(missing)[:5])

    def run(self, count: int) -> int:
        """All of it once; gives how many marks had crossed."""
        self.agree(AGREEMENTS[0])
        self.agree(AGREEMENTS[1])
        if self.rng.random() < 0.5:
            self.agree(AGREEMENTS[2])
        self.exchange()
        self.spread(count)
        self.exchange()
        crossed = self.check_files()
        self.check_answers()
        former = self.rng.choice(list(self.standing.values()))
        self.agree(sides_of(former), former)
        self.exchange()
        self.check_answers()
        return crossed


def sides_of(document: Document) -> tuple[str, ...]:
    return tuple(party["node"].partition(".")[0] for party in document["parties"])


def case(rng: random.Random, count: int = RECORDS) -> str:
    with tempfile.TemporaryDirectory() as home, three_nodes(Path(home)) as running:
        crossed = Canaries(running, rng).run(count)
    return "something had crossed" if crossed else "nothing had crossed"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--records", type=int, default=RECORDS)
    chosen, sys.argv[1:] = parser.parse_known_args()
    sys.exit(long.main(__doc__ or "", partial(case, count=chosen.records), cases=10))
