"""The time that a report covers: whole days in UTC, so that both nodes draw the same line."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kakehashi.errors import NotFound

UNKNOWN = "{!r} is no period: a year, or two days as in 2026-01-01--2026-06-30"
FIRST_YEAR, LAST_YEAR = 2000, 2999
_YEAR = re.compile(r"[0-9]{4}")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN = re.compile(rf"({_DAY})--({_DAY})")


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)

    @property
    def until(self) -> datetime:
        """The moment after the last day."""
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(days=1)

    @property
    def name(self) -> str:
        """As it stands in addresses: a year, or two days as ISO 8601-1 writes an interval."""
        return str(self.first.year) if self == year(self.first.year) else f"{self.first}--{self.last}"

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def day_of(at: datetime) -> date:
    """The day on which something counts, whatever the time zone of the node that reports it."""
    return at.astimezone(UTC).date()


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def parse(name: str) -> Period:
    """The period of that name; NotFound if it is none."""
    if _YEAR.fullmatch(name) and FIRST_YEAR <= int(name) <= LAST_YEAR:
        return year(int(name))
    if span := _SPAN.fullmatch(name):
        try:
            found = Period(date.fromisoformat(span[1]), date.fromisoformat(span[2]))
        except ValueError:
            raise NotFound(UNKNOWN.format(name)) from None
        if found.first <= found.last and found.first.year >= FIRST_YEAR and found.last.year <= LAST_YEAR:
            return found
    raise NotFound(UNKNOWN.format(name))
