"""One real node between two partners, each step drawn by hypothesis, against a model of what must hold (C9).

`python -m tests.faults.model --cases 200 --state FILE`: each case draws `RUNS` runs of at most `STEPS` steps.
Own writing, serving, applying, erasing, amending, ending and fetching back are the node's own code; the
partners are played in plain Python (tests/exchange/origin.py, tests/recovery/reader.py) and verify all that
they read.
"""

import random
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import django
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.faults import long

RUNS, STEPS = 10, 60
HERE, ROTATIONS = "munich.example", 12
OSAKA, KYOTO = "osaka.example", "kyoto.example"
PERSON = {"contact": {"name": "Erika Mustermann", "email": "erika@isar.example"}}
WHICH = st.integers(0, 5)
SIDE = st.sampled_from([OSAKA, KYOTO])


def machine() -> type[RuleBasedStateMachine]:
    """The class of machines; made late, because the tables are there only once Django is ready."""
    from django.db import transaction
    from django.test import override_settings

    from kakehashi import clock, this
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import actions as agreements
    from kakehashi.agreements import queries as agreement_queries
    from kakehashi.exchange import api, header, keyset
    from kakehashi.exchange.actions import channels, keysets, restoring, rotating
    from kakehashi.exchange.header import Place
    from kakehashi.exchange.keyset import USES, key_id
    from kakehashi.exchange.models import Part
    from kakehashi.records import actions as records
    from kakehashi.records import queries
    from kakehashi.records.lifecycle import State
    from kakehashi.records.models import Record
    from kakehashi.recovery import actions as recovery
    from kakehashi.signing.keys import PrivateKey
    from kakehashi.signing.proof import document_hash
    from tests import cast
    from tests.exchange.test_erasing import BOTH, _destroy, _take
    from tests.exchange.world import World
    from tests.recovery.reader import Reader
    from tests.two_nodes.act import invariants

    class Bridge(RuleBasedStateMachine):
        """`own` are the titles of own records, `given` those that partners may have; `allowed` what may be
        kept of a partner's records, by partner; `gone` texts that must be nowhere any more. `compared`: how
        often the node was held against the model."""

        compared = 0

        def __init__(self) -> None:
            super().__init__()
            self.stack = ExitStack()
            folder = Path(self.stack.enter_context(TemporaryDirectory()))  # for the keys of this run
            self.stack.enter_context(override_settings(NODE=replace(this.node(), folder=folder)))
            self.stack.enter_context(transaction.atomic())
            now = clock.now().replace(microsecond=0)
            self.worlds = {node: World(now, node, **BOTH) for node in (OSAKA, KYOTO)}
            self.owner = cast.organisation(now, audience="agreements")
            self.readers = {node: Reader(world) for node, world in self.worlds.items()}
            self.given: dict[UUID, str] = {self.owner.pk: ""}
            self.own: list[UUID] = []
            self.gone: set[str] = set()
            self.ids = [uuid4() for _ in range(4)]
            self.allowed: dict[str, dict[UUID, set[str]]] = {OSAKA: {}, KYOTO: {}}
            self.covered = {OSAKA: True, KYOTO: True}
            self.ended: set[str] = set()
            self.texts: dict[UUID, list[str]] = {}
            self.sets: dict[str, list[bytes]] = {OSAKA: [], KYOTO: []}
            self.rotated: Counter[str] = Counter()
            self.saved = ""

        @property
        def now(self) -> datetime:
            return clock.now()

        def open(self) -> list[str]:
            return [node for node in self.worlds if node not in self.ended]

        @invariant()
        def unhurried(self) -> None:
            """Steps follow each other faster than a partner may ask in a minute."""
            api.BUCKETS = api.Buckets()

        # what this node does

        @rule(person=st.booleans())
        def give(self, person: bool) -> None:
            title = f"Angebot {uuid4().hex}"
            body = cast.offer_body(self.owner, title=title)
            facts = {"person": PERSON if person else None, "overrule": True}
            made = records.create(viewer=cast.EDITOR, body=body, now=self.now, **facts)
            cast.publish(made, self.now, "agreements")
            self.own.append(made.pk)
            self.given[made.pk], self.texts[made.pk] = title, [title]

        def record(self, which: int) -> Record | None:
            """One of the own records that are still here."""
            self.own = [id for id in self.own if Record.objects.filter(pk=id).exists()]
            return Record.objects.get(pk=self.own[which % len(self.own)]) if self.own else None

        @rule(which=WHICH)
        def revise(self, which: int) -> None:
            record = self.record(which)
            if record is None or record.pk not in self.given:
                return
            title = f"Fassung {uuid4().hex}"
            body = cast.offer_body(self.owner, title=title)
            records.revise(viewer=cast.EDITOR, record_id=record.pk, body=body, overrule=True, now=self.now)
            self.given[record.pk] = title
            self.texts[record.pk].append(title)

        @rule(which=WHICH, held=st.booleans())
        def withdraw(self, which: int, held: bool) -> None:
            record = self.record(which)
            if record is None or record.pk not in self.given:
                return
            to = State.ON_HOLD if held else State.WITHDRAWN
            records.move(viewer=cast.EDITOR, record_id=record.pk, to=to, now=self.now)
            del self.given[record.pk]

        @rule(which=WHICH)
        def revive(self, which: int) -> None:
            record = self.record(which)
            if record is None or record.state not in (State.ON_HOLD, State.WITHDRAWN):
                return
            where = {"viewer": cast.EDITOR, "record_id": record.pk, "now": self.now}
            records.set_level(**where, audience="agreements")
            records.move(**where, to=State.PUBLISHED, overrule=True)
            self.given[record.pk] = queries.latest(cast.EDITOR, record).body["title"]["de"]["text"]

        @rule(which=WHICH, wide=st.booleans())
        def level(self, which: int, wide: bool) -> None:
            record = self.record(which)
            if record is None or record.state != State.PUBLISHED:
                return
            audience = "agreements" if wide else "members"
            records.set_level(viewer=cast.EDITOR, record_id=record.pk, audience=audience, now=self.now)
            if wide:
                self.given[record.pk] = queries.latest(cast.EDITOR, record).body["title"]["de"]["text"]
            else:
                self.given.pop(record.pk, None)

        @rule(which=WHICH, scope=st.sampled_from(["person", "earlier", "all"]))
        def erase(self, which: int, scope: str) -> None:
            record = self.record(which)
            if record is None or scope not in queries.erasable(cast.MANAGER, record):
                return
            facts = {"scope": scope, "basis": "gdpr-17", "now": self.now}
            records.erase(viewer=cast.MANAGER, record_id=record.pk, **facts)
            if scope == "all":
                self.given.pop(record.pk, None)
                self.gone |= set(self.texts[record.pk])
            elif scope == "earlier":
                self.gone |= set(self.texts[record.pk][:-1])

        def may_rotate(self, side: str) -> bool:
            """A key set lists 64 keys at most, old ones included."""
            self.rotated[side] += 1
            return self.rotated[side] <= ROTATIONS

        @rule()
        def rotate(self) -> None:
            if not self.may_rotate(HERE):
                return
            data = keysets.sign_here(rotating.rotate(USES, now=self.now), now=self.now)
            rotating.publish(data=data, now=self.now)

        @rule(side=SIDE)
        def read(self, side: str) -> None:
            """A partner reads on, checks the root against all that it ever read, and acknowledges."""
            if side not in self.ended:
                self.readers[side].pull()
                self.readers[side].acknowledge()

        # what the partners do

        @rule(
            side=SIDE,
            which=WHICH,
            step=st.sampled_from(["put", "put", "withdraw", "erase body", "erase both"]),
        )
        def there(self, side: str, which: int, step: str) -> None:
            if side in self.ended or not self.covered[side]:
                return
            origin = self.worlds[side].origin
            _take(origin, step, self.ids[which % len(self.ids)], self.allowed[side])
            _destroy(origin, self.allowed[side])

        @rule(side=SIDE)
        def rotate_there(self, side: str) -> None:
            origin = self.worlds[side].origin
            if side in self.ended or not self.may_rotate(side):
                return
            origin.keys.record, before = PrivateKey.generate(), origin.keyset
            number = before.version + 1
            fresh = key_id(side, f"rec-{number}")
            document = origin.keys.document(
                origin.now,
                keys={**before.keys, fresh: ("record", origin.keys.record.public)},
                version=number,
                prev=before.hash,
            )
            data = origin.keys.signed(document, origin.now)
            origin.keyset = keyset.stored(data)
            origin.keys.signer = lambda: header.Signer(origin.keys.record, fresh)  # type: ignore[method-assign]
            self.sets[side].append(data)
            self.learn(side)
            origin.log(header.keyset(origin.place, hash=origin.keyset.hash, now=origin.now))

        def learn(self, side: str) -> None:
            """Take in the key sets of a partner that are not known here, as a node does by itself."""
            roots = [self.worlds[side].origin.keys.root.public]
            for data in self.sets[side]:
                known = keysets.latest(side)
                if known is None or keyset.stored(data).version > known.version:
                    keysets.remember(node=side, data=data, roots=roots, now=self.now)

        @rule(side=SIDE, share=st.floats(0.1, 1))
        def apply(self, side: str, share: float) -> None:
            """Read what the partner has, or a part of it, as far as a page may go."""
            world = self.worlds[side]
            left = len(world.origin.lines) - world.theirs.size
            if side not in self.ended and left:
                world.apply(end=world.theirs.size + max(1, int(left * share)))

        # what both agree

        @rule(side=SIDE, wide=st.booleans())
        def amend(self, side: str, wide: bool) -> None:
            if side in self.ended:
                return
            world, topics = self.worlds[side], ["*"] if wide else ["vaccines"]
            origin = world.origin
            document = {**origin.document, "version": origin.document["version"] + 1, "prev": origin.hash}
            document["grants"] = [{**grant, "topics": topics} for grant in document["grants"]]
            world.apply()
            world.take_draft(document)
            origin.document, origin.hash = document, document_hash(document)
            origin.place = Place(side, origin.channel, origin.hash)
            origin.log(header.agreement(origin.place, now=origin.now))
            self.covered[side], self.saved = wide, ""
            if not wide:
                assert not self.shown(side)  # hidden before its origin takes it back
                for id, parts in self.allowed[side].items():
                    if parts:
                        origin.withdraw(id)
                        self.allowed[side][id] = set()
                _destroy(origin, self.allowed[side])

        @rule(side=SIDE)
        @precondition(lambda self: not self.ended and sum(map(len, self.texts.values())) > 4)
        def end(self, side: str) -> None:
            (agreement,) = agreement_queries.agreements(WORKER).filter(
                lineage=self.worlds[side].lineage, state="active"
            )
            now = self.now.replace(microsecond=0)
            over = now + timedelta(seconds=1)
            facts = {"effective": over, "reason": "cause", "now": now}
            agreements.end_with_node_root(viewer=WORKER, agreement=agreement, node=this.node(), **facts)
            agreements.advance_due(now=over)
            channels.close_due_channels(now=over)
            self.ended.add(side)
            self.saved = ""

        # what happens to the node

        @rule()
        def back_up(self) -> None:
            if not self.ended:
                self.saved = str(transaction.savepoint())

        @precondition(lambda self: self.saved and not self.ended and any(self.covered.values()))
        @rule()
        def restore(self) -> None:
            """All that partners had read is lost here, and comes back from them.

            Where neither may have anything, what was said since the backup is lost: no model can know it.
            """
            for side in self.open():
                self.readers[side].pull()
            before = {
                side: (world.ours.size, self.readers[side].root()) for side, world in self.worlds.items()
            }
            transaction.savepoint_rollback(self.saved)
            self.saved = ""
            restoring.ask_anew(now=self.now)
            with self.readers[OSAKA].serving(), self.readers[KYOTO].serving() as client:
                assert recovery.settle(client, clock.now, impatient=False) == {}
            for side in self.worlds:
                self.learn(side)
            for side, world in self.worlds.items():
                size, root = before[side]
                channel = world.ours
                assert channel.size >= size
                assert channel.state == "open"
                assert self.readers[side].root() == root
            invariants()

        # what must hold

        def shown(self, side: str) -> set[UUID]:
            rows = queries.published(cast.EDITOR, self.now).filter(own=False, origin=side)
            return set(rows.values_list("record", flat=True))

        def teardown(self) -> None:
            try:
                self.compare()
            finally:
                transaction.set_rollback(True)
                self.stack.close()

        def compare(self) -> None:
            channels.open_due_channels(now=self.now)
            for side in self.open():
                world = self.worlds[side]
                world.apply()
                wanted = {id for id, parts in self.allowed[side].items() if "body" in parts}
                assert self.shown(side) == (wanted if self.covered[side] else set()), side
                for id, parts in self.allowed[side].items():
                    rows = Part.objects.filter(channel=world.theirs, record=id)
                    assert set(rows.values_list("name", flat=True)) == parts, (side, id)
                self.readers[side].pull()
                living = set(self.given) if self.covered[side] else set()
                assert living_in(self.readers[side].lines) == living, side
            for side in self.ended:
                rows = queries.published(cast.EDITOR, self.now + timedelta(seconds=2))
                assert not rows.filter(own=False, origin=side).exists()
            titles = {
                row.record: row.title["de"]
                for row in queries.published(cast.EDITOR, self.now).filter(own=True, kind="offer")
            }
            assert {id: titles.get(id) for id in self.given if id != self.owner.pk} == {
                id: title for id, title in self.given.items() if id != self.owner.pk
            }
            kept = "".join(bytes(data).decode() for data in Part.objects.values_list("data", flat=True))
            assert not [text for text in self.gone if text in kept]
            invariants()
            type(self).compared += 1

    def living_in(lines: list[Any]) -> set[UUID]:
        """The records that a reader of these lines would show."""
        found: dict[UUID, str] = {}
        for line in lines:
            if "id" in line.header and line.header["op"] in ("put", "withdraw"):
                found[UUID(line.header["id"][9:])] = line.header["op"]
        return {id for id, op in found.items() if op == "put"}

    return Bridge


def run(drawn: int, runs: int, steps: int) -> int:
    """So many runs, drawn from a seed; AssertionError tells the way to a fault. How often was compared."""
    made = machine()
    options = settings(
        max_examples=runs,
        phases=[Phase.generate],  # with Phase.shrink, minutes later, the shortest way to a fault
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(drawn)(made), settings=options)
    return int(vars(made)["compared"])


def case(rng: random.Random) -> str:
    run(rng.getrandbits(32), RUNS, STEPS)
    return f"{RUNS} runs"


if __name__ == "__main__":
    import_module("tests.home")  # a node of its own, before Django reads its settings
    django.setup()
    django_test: Any = import_module("django.test.utils")
    django_test.setup_test_environment()
    django_test.setup_databases(verbosity=0, interactive=False)
    raise SystemExit(long.main(__doc__ or "", case, cases=200))
