"""Keeps the items level with the records: new ones, changed ones, and those that are no longer open.

A projection like the reading tables, found from rows and not from events, so that nothing is ever missed;
who changed which record stands in the audit already.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from kakehashi.outlets import queries
from kakehashi.outlets.models import Item, Membership
from kakehashi.outlets.sets import specs
from kakehashi.records.models import Reading

BATCH = 500


def stamp(now: datetime) -> datetime:
    """The next whole second: a harvest that is answered before this commit asks from then on."""
    return now.replace(microsecond=0) + timedelta(seconds=1)


@transaction.atomic
def notice(*, now: datetime) -> int:
    """Stamp what changed, at most `BATCH` of each; how many that were."""
    changed = list(queries.unnoticed(now).defer("person")[:BATCH])
    gone = list(queries.closed(now).values_list("record", flat=True)[:BATCH])
    Item.objects.bulk_create(
        [Item(record=row.record, changed_at=row.changed_at, stamp=stamp(now)) for row in changed],
        update_conflicts=True,
        unique_fields=["record"],
        update_fields=["changed_at", "stamp", "gone"],
    )
    _place(changed)
    Item.objects.filter(record__in=gone).update(gone=True, stamp=stamp(now))
    return len(changed) + len(gone)


def _place(readings: Sequence[Reading]) -> None:
    Membership.objects.filter(item__in=[row.record for row in readings]).delete()
    Membership.objects.bulk_create(
        Membership(item_id=row.record, spec=spec)
        for row in readings
        for spec in specs(row.kind, row.body.get("topics", []))
    )
