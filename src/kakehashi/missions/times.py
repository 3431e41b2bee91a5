"""When talks can be held, and the times that people write: one line for each, in the mission's own zone."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_HOURS = re.compile(r"(\d{1,2}):(\d\d)\s?[-–—~〜]\s?(\d{1,2}):(\d\d)")
_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")


@dataclass(frozen=True, order=True)
class Span:
    """From one moment up to another, both in UTC."""

    start: datetime
    end: datetime

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Unclear(ValueError):
    """A line that cannot be read: its number, from 1, and a code of missions/sentences.py."""

    def __init__(self, line: int, code: str) -> None:
        super().__init__(code)
        self.line, self.code = line, code


def zone(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name; None if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def slots(days: Iterable[Span], breaks: Sequence[Span], minutes: int, pause: int) -> tuple[Span, ...]:
    """The times of talks: one after the other with a pause between, none into a break or past the end."""
    found = []
    for day in sorted(days):
        start = day.start
        while (slot := Span(start, start + timedelta(minutes=minutes))).end <= day.end:
            rest = max((each.end for each in breaks if each.meets(slot)), default=None)
            if rest is None:
                found.append(slot)
            start = rest or slot.end + timedelta(minutes=pause)
    return tuple(found)


def overlapping(every: Sequence[Span], span: Span) -> frozenset[int]:
    """The numbers of the slots that a span takes something of."""
    return frozenset(number for number, slot in enumerate(every) if slot.meets(span))


def outside(every: Sequence[Span], span: Span | None) -> frozenset[int]:
    """The numbers of the slots that do not lie within a span; none without one."""
    return frozenset(n for n, slot in enumerate(every) if span is not None and not span.holds(slot))


def lines(text: str) -> list[tuple[int, str]]:
    """The lines that say something, by their numbers, with full-width signs as plain ones."""
    plain = unicodedata.normalize("NFKC", text)
    return [(number, line.strip()) for number, line in enumerate(plain.splitlines(), 1) if line.strip()]


def read_spans(text: str, at: ZoneInfo) -> list[Span]:
    """The lines "2026-11-24 09:30-17:00" of a text; Unclear."""
    return [_span(line, number, at) for number, line in lines(text)]


def read_breaks(text: str, days: Sequence[Span], at: ZoneInfo) -> list[tuple[Span, str]]:
    """The lines "12:00-13:00 Lunch", on each day unless one begins with its date; Unclear."""
    found = []
    for number, line in lines(text):
        hours = _HOURS.search(line)
        if hours is None:
            raise Unclear(number, "hours-missing")
        name = line[hours.end() :].strip(" ;,")
        dated = (
            [_day(line, number)] if _DAY.match(line) else [each.start.astimezone(at).date() for each in days]
        )
        found += [(_on(day, hours, number, at), name) for day in dict.fromkeys(dated)]
    return found


def read_named(text: str, at: ZoneInfo) -> list[tuple[str, list[str], Span | None]]:
    """The lines "name; ja, en; 2026-11-24 13:00-17:00": name, words, and when it can be had; Unclear.

    Of the parts after the name each may be missing.
    """
    found: list[tuple[str, list[str], Span | None]] = []
    for number, line in lines(text):
        name, *parts = [part.strip() for part in line.split(";")]
        if name in (each[0] for each in found):
            raise Unclear(number, "name-twice")
        when = [part for part in parts if _HOURS.search(part)]
        words = [word.strip() for part in parts if part not in when for word in re.split("[,、]", part)]
        span = _span(when[0], number, at) if when else None
        found.append((name, [word for word in words if word], span))
    return found


def write_span(span: Span, at: ZoneInfo) -> str:
    """What `read_spans` reads."""
    start, end = span.start.astimezone(at), span.end.astimezone(at)
    return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}"


def _span(line: str, number: int, at: ZoneInfo) -> Span:
    hours = _HOURS.search(line)
    if hours is None:
        raise Unclear(number, "hours-missing")
    return _on(_day(line, number), hours, number, at)


def _day(line: str, number: int) -> date:
    found = _DAY.search(line)
    try:
        return date(*(int(part) for part in found.groups())) if found else date(0, 1, 1)
    except ValueError:
        raise Unclear(number, "day-missing") from None


def _on(day: date, hours: re.Match[str], number: int, at: ZoneInfo) -> Span:
    try:
        first, second, third, fourth = (int(part) for part in hours.groups())
        begin, end = (datetime.combine(day, time(h, m), at) for h, m in ((first, second), (third, fourth)))
    except ValueError:
        raise Unclear(number, "hours-missing") from None
    if end <= begin:
        raise Unclear(number, "ends-before")
    return Span(begin.astimezone(UTC), end.astimezone(UTC))
