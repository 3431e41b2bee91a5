"""F7: an origin loses its newest entries to a restore. `python -m tests.recovery.loss --entries 10000`."""

import argparse
import os
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.exchange.actions import restoring
from kakehashi.exchange.models import Chain, Head
from kakehashi.records.models import Record
from tests import cast
from tests.exchange.world import World
from tests.recovery.reader import Reader


@dataclass
class Loss:
    """An origin, its reader, and what there was: `kept` entries are in the backup, `size` were written."""

    world: World
    reader: Reader
    owner: Record
    kept: int
    size: int
    root: bytes
    records: set[UUID]
    point: str
    now: datetime


def make(now: datetime, entries: int) -> Loss:
    """A log of which the last `entries` were written, and read by the partner, after the backup."""
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    reader, kept = Reader(world), world.ours.size
    point = transaction.savepoint()
    for number in range(entries):
        cast.offer(now, owner, audience="agreements", title=f"Angebot {number}")
    reader.pull()
    size = world.ours.size
    return Loss(
        world=world,
        reader=reader,
        owner=owner,
        kept=kept,
        size=size,
        root=bytes(Head.objects.get(channel=world.ours, size=size).root),
        records=set(Record.objects.values_list("pk", flat=True)),
        point=point,
        now=now,
    )


def lose(loss: Loss, *, ask: bool = True) -> None:
    """Bring the backup back; `ask`: as a start of the node does."""
    transaction.savepoint_rollback(loss.point)
    assert loss.world.ours.size == loss.kept
    if ask:
        restoring.ask_anew(now=loss.now)


def main() -> None:
    """The long form, in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    wanted = parser.parse_args()
    from django.test.utils import setup_databases, setup_test_environment

    from kakehashi import clock
    from kakehashi.recovery import actions

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    with transaction.atomic():
        loss = make(clock.now().replace(microsecond=0), wanted.entries)
        lose(loss)
        began = time.monotonic()
        with loss.reader.serving() as client:
            waiting = actions.settle(client, clock.now, impatient=False)
        seconds = time.monotonic() - began
        assert not waiting, waiting
        assert bytes(Head.objects.get(channel=loss.world.ours, size=loss.size).root) == loss.root
        assert Chain.objects.filter(channel=loss.world.ours).count() == wanted.entries + 1
        assert {*Record.objects.values_list("pk", flat=True)} == loss.records
        print(f"{wanted.entries} entries came back in {seconds:.1f} s, the root is the same, 0 forks")
        transaction.set_rollback(True)


if __name__ == "__main__":
    os.environ.setdefault("KAKEHASHI_TEST_DATABASE", "")
    main()
