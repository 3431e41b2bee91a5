"""Reads of the outlets: everyone may ask, and sees what everyone may see of this node's own records.

A partner's records are never here, even where they may be passed on to everyone: people read those on this
node's pages, but programs fetch them where they come from (EXCHANGE.md sections 1 and 12: nodes never relay
for each other). A copy that was harvested from a third node could not be taken back by its origin.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from kakehashi import this
from kakehashi.accounts.viewer import PUBLIC
from kakehashi.outlets.models import Item, Membership
from kakehashi.records import queries as records
from kakehashi.records.audience import Tlp
from kakehashi.records.models import Reading


def open_records(now: datetime) -> QuerySet[Reading]:
    """This node's own records that are public, CLEAR and in force."""
    return records.published(PUBLIC, now).filter(own=True, origin=this.node().name, tlp=Tlp.CLEAR)


def newest(now: datetime, *, kind: str = "", topic: str = "") -> QuerySet[Reading]:
    """What a feed lists, the last changed first."""
    rows = open_records(now)
    if kind:
        rows = rows.filter(kind=kind)
    if topic:
        rows = rows.filter(facets__facet="topic", facets__value=topic)
    return rows.order_by("-changed_at", "record")


def unnoticed(now: datetime) -> QuerySet[Reading]:
    """Open records that are new here, or changed since they were stamped."""
    known = Item.objects.filter(record=OuterRef("record"), changed_at=OuterRef("changed_at"), gone=False)
    return open_records(now).filter(~Exists(known)).order_by("changed_at", "record")


def closed(now: datetime) -> QuerySet[Item]:
    """Items that are no longer open, and not yet stamped as gone."""
    still = open_records(now).filter(record=OuterRef("record"))
    return Item.objects.filter(~Exists(still), gone=False).order_by("record")


def items(
    *,
    spec: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> QuerySet[Item]:
    """Items by stamp; what changes while a list is read moves to its end, so that nothing is left out."""
    rows = Item.objects.order_by("stamp", "record").prefetch_related("memberships")
    if spec:
        inside = Q(spec=spec) | Q(spec__startswith=f"{spec}:")
        rows = rows.filter(Exists(Membership.objects.filter(inside, item=OuterRef("pk"))))
    if since:
        rows = rows.filter(stamp__gte=since)
    if until:
        rows = rows.filter(stamp__lte=until)
    if after:
        stamp, record = after
        rows = rows.filter(Q(stamp__gt=stamp) | Q(stamp=stamp, record__gt=record))
    return rows


def item(record: UUID) -> Item | None:
    return items().filter(record=record).first()


def read(records: Iterable[UUID], now: datetime) -> dict[UUID, Reading]:
    """The readings of these records, as far as they are open at this moment."""
    return {row.record: row for row in open_records(now).filter(record__in=list(records)).defer("person")}


def first_stamp() -> datetime | None:
    found: datetime | None = Item.objects.aggregate(at=Min("stamp"))["at"]
    return found


def last_stamp() -> datetime | None:
    """When anything in the outlets last changed; a withdrawal is a change too."""
    found: datetime | None = Item.objects.aggregate(at=Max("stamp"))["at"]
    return found
