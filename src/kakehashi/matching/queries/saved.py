"""Saved searches: whose they are, which are to be looked at again, and what answers them anew."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Viewer
from kakehashi.matching.models import Indexed, SavedSearch
from kakehashi.matching.queries.search import search
from kakehashi.matching.shelf import Filters
from kakehashi.records.models import Reading

MOST = 1_000  # answers of a search that are remembered
DAY = timedelta(days=1)


def saved(person: User) -> QuerySet[SavedSearch]:
    """The searches that somebody saved, the newest first."""
    return SavedSearch.objects.filter(person=person).order_by("-pk")


def last_stamp() -> int:
    """The latest change of what is indexed."""
    return Indexed.objects.aggregate(last=Max("stamp"))["last"] or 0


def to_look(stamp: int, now: datetime) -> QuerySet[SavedSearch]:
    """Searches since whose last look something changed; those told of daily once a day."""
    due = Q(daily=False) | Q(told_at__isnull=True, created_at__lte=now - DAY) | Q(told_at__lte=now - DAY)
    rows = SavedSearch.objects.filter(due, person__is_active=True).exclude(seen=stamp)
    return rows.select_related("person").order_by("pk")


def answers(viewer: Viewer, text: str, filters: dict[str, str], now: datetime) -> list[Reading]:
    """All that answers a search for this viewer, the best first."""
    return [hit.reading for hit in search(viewer, text, Filters(**filters), now, limit=MOST).hits]


def fresh(saved: SavedSearch, now: datetime) -> list[Reading]:
    """Answers that came or changed since the last look and of which was never told."""
    found = answers(accounts.viewer_of(saved.person), saved.text, saved.filters, now)
    known = set(saved.known)
    unknown = [reading for reading in found if name(reading) not in known]
    came = _came(unknown, saved.seen) if unknown else set()
    return [reading for reading in unknown if reading.pk in came]


def _came(readings: Iterable[Reading], since: int) -> set[int]:
    rows = Indexed.objects.filter(reading__in=[reading.pk for reading in readings], stamp__gt=since)
    return set(rows.values_list("reading", flat=True))


def name(reading: Reading) -> str:
    """What a record is remembered by."""
    return f"{reading.origin}/{reading.record}"
