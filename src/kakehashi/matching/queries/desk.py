"""What was decided about matches at a desk, and what was passed to somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed
from kakehashi.matching.desk import DISMISSED, LISTS, OPEN, PASSED, desk_of
from kakehashi.matching.models import Decision, Match, Passed
from kakehashi.records import queries as records

# A match and what was done with it name the same two records.
SAME = {
    "own": OuterRef("own__record"),
    "origin": OuterRef("other__origin"),
    "other": OuterRef("other__record"),
}


@dataclass(frozen=True)
class Note:
    """One thing that was done with a match, as the viewer reads it; `who` is a name or an address."""

    who: str
    at: datetime
    says: str = ""
    reason: str = ""
    note: str = ""


def standing(viewer: Viewer) -> QuerySet[Decision]:
    """What holds at the viewer's desk; nothing for whoever has none."""
    desk = desk_of(viewer)
    rows = Decision.objects.filter(standing=True)
    return rows.none() if desk is None else rows.filter(desk=desk)


def limited(rows: QuerySet[Match], viewer: Viewer, chosen: str) -> QuerySet[Match]:
    """The matches of one of desk.LISTS; all of them for any other word, and without a desk."""
    if chosen not in LISTS or desk_of(viewer) is None:
        return rows
    if chosen == PASSED:
        return rows.filter(Exists(Passed.objects.filter(**SAME, to__email=viewer.actor)))
    said = standing(viewer).filter(**SAME)
    if chosen == OPEN:
        return rows.exclude(Exists(said.filter(says=DISMISSED)))
    return rows.filter(Exists(said.filter(says=chosen)))


def decided(viewer: Viewer, matches: Iterable[Match]) -> dict[int, Note]:
    """What holds for each of some matches at the viewer's desk, by the match's key."""
    every = list(matches)
    rows = standing(viewer).filter(own__in={match.own.record for match in every})
    said = {(row.own, row.origin, row.other): row for row in rows} if every else {}
    names = accounts.names(row.by for row in said.values()) if said else {}
    found = {}
    for match in every:
        if row := said.get((match.own.record, match.other.origin, match.other.record)):
            found[match.pk] = Note(names.get(row.by, row.by), row.at, row.says, row.reason)
    return found


def passed_on(viewer: Viewer, matches: Iterable[Match]) -> dict[int, list[Note]]:
    """What colleagues wrote to the viewer about each of some matches, the newest first."""
    every = list(matches)
    rows = Passed.objects.filter(to__email=viewer.actor, own__in={match.own.record for match in every})
    rows = rows.order_by("-at", "-pk") if viewer.signed_in and every else rows.none()
    names = accounts.names(row.by for row in rows) if rows else {}
    found: dict[int, list[Note]] = {}
    for match in every:
        pair = (match.own.record, match.other.origin, match.other.record)
        notes = [
            Note(names.get(row.by, row.by), row.at, note=row.note)
            for row in rows
            if (row.own, row.origin, row.other) == pair
        ]
        if notes:
            found[match.pk] = notes
    return found


def recipients(viewer: Viewer, match: Match, now: datetime) -> list[User]:
    """Colleagues who may see both records of a match, so that it can be passed to them."""
    if desk_of(viewer) is None:
        raise NotAllowed("matching.pass")
    seen: dict[Viewer, bool] = {}
    found = []
    for person in accounts.colleagues(viewer, match.own.owner):
        like = Viewer(role=accounts.viewer_of(person).role, organisation=person.organisation)
        if like not in seen:
            seen[like] = sees(like, match, now)
        found += [person] if seen[like] else []
    return found


def sees(viewer: Viewer, match: Match, now: datetime) -> bool:
    """Whether a viewer may see both records."""
    return records.published(viewer, now).filter(pk__in=[match.own_id, match.other_id]).count() == 2


def to_mail(since: datetime) -> QuerySet[Passed]:
    """What was passed on since then and has not been mailed; older ones were tried for long enough."""
    return Passed.objects.filter(mailed_at__isnull=True, at__gte=since).select_related("to").order_by("pk")


def match_of(passed: Passed) -> Match | None:
    """The match that was passed on, if it still is one."""
    pair = Q(own__record=passed.own, other__origin=passed.origin, other__record=passed.other)
    return Match.objects.filter(pair).select_related("own", "other").first()
