"""Talks as iCalendar (RFC 5545) and CSV, out and in, for those who keep their day in another tool."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

PRODUCT = "-//Kakehashi//Missions//EN"
COLUMNS = ("date", "start", "end", "table", "host", "guest", "interpreter")
MOST = 2000  # events that are read from one calendar
_RISKY = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Event:
    """One talk in words. `uid` is the same for the same two on every day, so that a move is an update."""

    uid: str
    start: datetime
    length: timedelta
    summary: str
    location: str
    description: str
    stamp: datetime
    sequence: int = 0


def calendar(name: str, events: Iterable[Event], zone: ZoneInfo) -> bytes:
    """A calendar with its time zone; times stand in the mission's own zone."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for each in events:
        event = icalendar.Event()
        event.add("uid", each.uid)
        event.add("dtstamp", each.stamp)
        event.add("sequence", each.sequence)
        event.add("dtstart", each.start.astimezone(zone))
        event.add("dtend", (each.start + each.length).astimezone(zone))
        event.add("summary", each.summary)
        if each.location:
            event.add("location", each.location)
        if each.description:
            event.add("description", each.description)
        made.add_component(event)
    made.add_missing_timezones()
    data: bytes = made.to_ical()
    return data


@dataclass(frozen=True)
class Row:
    """A talk as another tool tells of it; companies are names as they stand there. `line` from 1."""

    line: int
    start: datetime | None
    host: str
    guest: str
    table: str = ""
    interpreter: str = ""


def read_calendar(data: bytes) -> list[Row]:
    """The events of a calendar: its summary names both companies, parted by " – ", " - ", " / " or " x ".

    ValueError for what is no calendar. An event without a time has no start.
    """
    rows = []
    for number, event in enumerate(icalendar.Calendar.from_ical(data).walk("VEVENT"), 1):
        if number > MOST:
            raise ValueError("too many events")
        start = event.decoded("dtstart") if "dtstart" in event else None
        summary = str(event.get("summary", ""))
        names = next(
            (summary.split(by, 1) for by in (" – ", " - ", " / ", " x ") if by in summary), [summary, ""]
        )
        moment = start if isinstance(start, datetime) and start.tzinfo else None
        rows.append(
            Row(
                number,
                moment.astimezone(UTC) if moment else None,
                names[0].strip(),
                names[1].strip(),
                str(event.get("location", "")).strip(),
            )
        )
    return rows


def table(rows: Iterable[Sequence[str]], header: Sequence[str]) -> bytes:
    """A spreadsheet as UTF-8 text with the mark by which Excel knows it; no cell begins a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell
