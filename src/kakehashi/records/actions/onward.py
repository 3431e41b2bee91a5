"""How far received records may be passed on, when a next version of their agreement says otherwise."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.audit.actions import note
from kakehashi.records import ports
from kakehashi.records.models import Passage, Reading

BATCH = 500


@transaction.atomic
def set_onward(*, origin: str, channel: str, onward: str, ids: Sequence[UUID], now: datetime) -> int:
    """The records `ids` that came by a channel may be passed on so far; gives the number that changed."""
    changed = 0
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        ways = Passage.objects.filter(channel=channel, reading__record__in=some).exclude(onward=onward)
        keys = list(ways.values_list("reading", flat=True))
        changed += ways.update(onward=onward)
        ports.sight_changed(keys)
        Reading.every.filter(origin=origin, own=False, record__in=some).update(onward=onward)
    if changed:
        note(at=now, actor=origin, action="records.set-onward", object=channel, onward=onward, count=changed)
    return changed
