"""The life of a record: from draft to archive, with expiry after a year and one extension.

Periods follow the Enterprise Europe Network's partnering profiles: 365 days, notice two weeks before,
one extension, archived after two years.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from kakehashi.errors import Conflict


class State(StrEnum):
    """Where a record stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CLIENT_APPROVAL = "client_approval"
    PUBLISHED = "published"
    ON_HOLD = "on_hold"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


VALIDITY = timedelta(days=365)
NOTICE = timedelta(days=14)
ARCHIVE_AFTER = timedelta(days=730)
HISTORICAL_AFTER = 3  # years of the calendar

NEXT: dict[State, set[State]] = {
    State.DRAFT: {State.IN_REVIEW, State.PUBLISHED, State.ARCHIVED},
    State.IN_REVIEW: {State.DRAFT, State.CLIENT_APPROVAL, State.PUBLISHED, State.ARCHIVED},
    State.CLIENT_APPROVAL: {State.IN_REVIEW, State.PUBLISHED, State.ARCHIVED},
    State.PUBLISHED: {State.ON_HOLD, State.WITHDRAWN, State.EXPIRED},
    State.ON_HOLD: {State.PUBLISHED, State.WITHDRAWN, State.EXPIRED},
    State.EXPIRED: {State.PUBLISHED, State.WITHDRAWN, State.ARCHIVED},
    State.WITHDRAWN: {State.PUBLISHED, State.ARCHIVED},
    State.ARCHIVED: set(),
}


def step(present: str, wanted: State) -> State:
    """`wanted`, if it may follow `present`; else Conflict."""
    if wanted not in NEXT[State(present)]:
        raise Conflict(f"{present} → {wanted}")
    return wanted


def may_take(present: str, wanted: State, *, is_staff: bool) -> bool:
    """Members prepare and approve; the cluster's team asks for approval, publishes and archives."""
    if wanted is State.PUBLISHED:
        return is_staff or present == State.CLIENT_APPROVAL
    return is_staff or wanted not in (State.CLIENT_APPROVAL, State.ARCHIVED)


def expiry(published: datetime) -> datetime:
    """When a record published then runs out."""
    return published + VALIDITY


def notice_due(expires: datetime, now: datetime) -> bool:
    """True in the last two weeks before expiry."""
    return expires - NOTICE <= now < expires


def may_extend(state: str, expires: datetime | None, *, extended: bool) -> bool:
    """True if the one extension is still to be had."""
    return not extended and expires is not None and state in (State.PUBLISHED, State.ON_HOLD)


def months_old(source_date: str, now: datetime) -> int | None:
    """Whole months since a date known to the year, month or day; None if it is none or lies ahead.

    A date known to the year alone counts as the year's end, one to the month as the month's: no source is
    made older than it is.
    """
    parts = source_date.split("-")
    if not parts[0].isdecimal() or not all(part.isdecimal() for part in parts[1:]):
        return None
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
    months = (now.year - year) * 12 + now.month - month
    if len(parts) > 2 and int(parts[2]) > now.day:
        months -= 1
    return months if months >= 0 else (0 if year == now.year and len(parts) < 3 else None)


def is_historical(source_date: str | None, now: datetime) -> bool:
    """True if the source speaks of a time more than three years ago (YYYY, YYYY-MM or YYYY-MM-DD)."""
    if not source_date:
        return False
    limit = f"{now.year - HISTORICAL_AFTER}-{now:%m-%d}"
    return source_date < limit[: len(source_date)]
