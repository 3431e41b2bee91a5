"""Notes which readings changed, in the transaction that changes them, so that every process looks anew."""

import secrets
from collections.abc import Iterable, Sequence

from django.db.models import Max

from kakehashi.matching.models import Change, Indexed
from kakehashi.records.models import Reading
from kakehashi.work import rows


def readings_changed(readings: Iterable[Reading], gone: bool) -> None:
    """Plugged into `records.ports.on_readings`; one that is gone is noted too."""
    sight_changed([reading.pk for reading in readings])


def sight_changed(keys: Sequence[int]) -> None:
    """Plugged into `records.ports.on_sight`: the latest change of each reading has a number above all others.

    The first step is drawn, so that a database put back to an earlier state uses no number again.
    """
    last = last_number() + secrets.randbelow(2**20)
    numbered = ((last + place, key) for place, key in enumerate(dict.fromkeys(keys), 1))
    rows.insert(Change, ["id", "reading"], numbered, unique=["reading"], update=["id"])


def last_number() -> int:
    """The highest that a change or a text (Indexed.stamp) has.

    Both are drawn above it: a text that goes leaves a change behind, so none that comes later is below it.
    """
    change = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    return max(change, Indexed.objects.aggregate(last=Max("stamp"))["last"] or 0)
