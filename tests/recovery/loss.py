"""F7: an origin loses its newest entries to a restore."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.exchange.actions import restoring
from kakehashi.exchange.models import Head
from kakehashi.records import actions as records
from kakehashi.records.actions import Level
from kakehashi.records.audience import Audience, Tlp
from kakehashi.records.models import Record
from tests import cast
from tests.exchange.world import World
from tests.recovery.reader import Reader

LEVEL = Level(Audience.AGREEMENTS, Tlp.GREEN)


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
        body = cast.offer_body(owner, title=f"Angebot {number}")
        records.bring(viewer=cast.EDITOR, source="test", key=str(number), body=body, level=LEVEL, now=now)
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
