"""Reads what published readings are filtered by, for those above that hold very many of them in memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from kakehashi.records.lifecycle import State
from kakehashi.records.models import Facet, Passage, Reading
from kakehashi.records.sight import Shown, Sight, Way

CHUNK = 5_000  # readings that are read at a time
_READING = ("pk", "kind", "side", "lang", "historical", "sort_date", "expires_at", "own", "audience", "owner")
_WAY = ("received", "clause", "onward", "tlp", "open_until")


def every() -> Iterator[list[Shown]]:
    """All published readings, in parts."""
    after = 0
    rows = Reading.objects.order_by("pk").values_list("pk", flat=True)
    while keys := list(rows.filter(pk__gt=after)[:CHUNK]):
        span = {"reading__gt": after, "reading__lte": keys[-1]}
        yield _shown(Reading.objects.filter(pk__gt=after, pk__lte=keys[-1]), span)
        after = keys[-1]


def of(keys: Sequence[int]) -> list[Shown]:
    """Those of some readings (at most a few hundred) that are published."""
    return _shown(Reading.objects.filter(pk__in=keys), {"reading__in": keys})


def count(most: int | None = None) -> int:
    """How many readings there are, published or not; counted up to `most`."""
    return Reading.objects.order_by("pk")[:most].count()


def unpublished() -> QuerySet[Reading]:
    """Those that are no longer published."""
    # Both values of `own` are named because the index over states begins with it: no table is gone through.
    return Reading.objects.filter(own__in=(True, False), state__in=set(State) - {State.PUBLISHED})


def _shown(readings: QuerySet[Reading], span: dict[str, Any]) -> list[Shown]:
    """The published ones of `readings`; `span` finds the rows that belong to them."""
    held: dict[tuple[int, str], list[str]] = defaultdict(list)
    for key, facet, value in Facet.objects.filter(**span).values_list("reading", "facet", "value"):
        held[key, facet].append(value)
    ways: dict[int, list[Way]] = defaultdict(list)
    for key, *way in Passage.objects.filter(**span, closed_at__isnull=True).values_list("reading", *_WAY):
        ways[key].append(Way(*way))
    found = []
    for row in readings.filter(state=State.PUBLISHED).values_list(*_READING):
        key, kind, side, lang, historical, date, expires, own, audience, owner = row
        sight = Sight(own, audience, owner if own else None, tuple(sorted(set(ways[key]))))
        topics, regions, owners = (tuple(sorted(held[key, f])) for f in ("topic", "region", "organisation"))
        shown = Shown(key, kind, side, lang, historical, date, expires, sight, topics, regions, owners)
        found.append(shown)
    return found
