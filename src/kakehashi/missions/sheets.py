"""Wishes and talks from a spreadsheet: which column is which, and what each line says. Nothing is saved here.

Columns are known by their names in the three languages, whatever their order. Companies are named as people
write them; `find` knows whom that means.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from kakehashi.importers.tables import Table
from kakehashi.missions.bodies import Held, Key
from kakehashi.missions.calendars import Row
from kakehashi.missions.times import Span

Find = Callable[[str], Key | None]

WISH_COLUMNS = {
    "by": ("by", "from", "who", "von", "wer", "希望元", "申込者"),
    "of": ("of", "to", "whom", "wants", "an", "wen", "希望先", "相手"),
    "priority": ("priority", "prio", "priorität", "優先度"),
    "why": ("why", "reason", "topic", "warum", "grund", "thema", "理由", "議題"),
}
TALK_COLUMNS = {
    "date": ("date", "day", "datum", "tag", "日付"),
    "start": ("start", "time", "begin", "beginn", "uhrzeit", "zeit", "開始", "時間"),
    "table": ("table", "room", "tisch", "raum", "ort", "テーブル", "会議室"),
    "host": ("host", "host side", "gastgeber", "gastgeberseite", "主催", "主催側"),
    "guest": ("guest", "guest side", "gast", "gästeseite", "訪問", "訪問側"),
    "interpreter": ("interpreter", "dolmetscher", "通訳"),
}
NEEDED = {"wishes": ("by", "of"), "talks": ("start", "host", "guest")}
_PRIORITIES = {"a": 3, "b": 2, "c": 1, "high": 3, "hoch": 3, "高": 3, "low": 1, "niedrig": 1, "低": 1}
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line: a code of `labels.FAULTS` and the words it is about."""

    line: int
    code: str
    words: str = ""


@dataclass(frozen=True)
class Wanted:
    """One good line of wishes."""

    line: int
    by: Key
    of: Key
    priority: int
    why: str


@dataclass(frozen=True)
class Found:
    """What a sheet says: good lines, and what is wrong with the others."""

    wishes: list[Wanted] = field(default_factory=list)
    talks: list[Held] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def known(cell: str) -> bool:
    """Is this the name of a column?"""
    names = {name for columns in (WISH_COLUMNS, TALK_COLUMNS) for each in columns.values() for name in each}
    return _fold(cell) in names


def says_talks(table: Table) -> bool:
    """Does it tell of talks? They have a start, wishes have none."""
    return "start" in _header(table, TALK_COLUMNS)[0]


def wishes(table: Table, find: Find, mine: Callable[[Key], bool], other: Callable[[Key, Key], bool]) -> Found:
    """The wishes of a table. `mine(by)`: may they be written here? `other(by, of)`: may the two meet?"""
    made = Found()
    places, rows = _header(table, WISH_COLUMNS)
    if not set(NEEDED["wishes"]) <= places.keys():
        return Found(faults=[Fault(1, "columns-missing", "by, of")])
    seen: set[tuple[Key, Key]] = set()
    for line, cells in rows:
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        by, of = find(said["by"]), find(said["of"])
        priority = _priority(said.get("priority", ""))
        if by is None or of is None:
            made.faults.append(Fault(line, "company-unknown", said["of"] if by else said["by"]))
        elif not mine(by):
            made.faults.append(Fault(line, "not-yours", said["by"]))
        elif not other(by, of):
            made.faults.append(Fault(line, "same-side", said["of"]))
        elif priority is None:
            made.faults.append(Fault(line, "priority-unknown", said["priority"]))
        elif (by, of) in seen:
            made.faults.append(Fault(line, "twice", said["of"]))
        elif len(said.get("why", "")) > 500:
            made.faults.append(Fault(line, "why-too-long"))
        else:
            seen.add((by, of))
            made.wishes.append(Wanted(line, by, of, priority, said.get("why", "").strip()))
    return made


def talk_rows(table: Table, days: Sequence[date], zone: ZoneInfo) -> tuple[list[Row], list[Fault]]:
    """The talks of a table, still by name; a line without a date means the only day there is."""
    places, rows = _header(table, TALK_COLUMNS)
    if not set(NEEDED["talks"]) <= places.keys():
        return [], [Fault(1, "columns-missing", "start, host, guest")]
    found = []
    for line, cells in rows:
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        start = _moment(said.get("date", ""), said["start"], days, zone)
        found.append(
            Row(line, start, said["host"], said["guest"], said.get("table", ""), said.get("interpreter", ""))
        )
    return found, []


def talks(
    rows: Iterable[Row],
    find: Find,
    ordered: Callable[[Key, Key], tuple[Key, Key] | None],
    slots: Sequence[Span],
) -> Found:
    """Talks by key; each stays where the other tool has put it. `ordered` puts the host's side first."""
    made, starts = Found(), {slot.start for slot in slots}
    seen: set[tuple[Key, Key]] = set()
    for row in rows:
        one, other = find(row.host), find(row.guest)
        pair = ordered(one, other) if one and other else None
        if one is None or other is None:
            made.faults.append(Fault(row.line, "company-unknown", row.guest if one else row.host))
        elif pair is None:
            made.faults.append(Fault(row.line, "same-side", row.guest))
        elif row.start is None:
            made.faults.append(Fault(row.line, "time-unknown"))
        elif row.start not in starts:
            made.faults.append(Fault(row.line, "time-outside"))
        elif pair in seen:
            made.faults.append(Fault(row.line, "twice", row.guest))
        else:
            seen.add(pair)
            made.talks.append(Held(*pair, row.start, row.table[:100], row.interpreter[:100], fixed=True))
    return made


def _header(
    table: Table, columns: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], list[tuple[int, tuple[str, ...]]]]:
    """Where each column stands, and the lines below the header."""
    if not table.rows:
        return {}, []
    names = {name: code for code, each in columns.items() for name in each}
    places: dict[str, int] = {}
    for place, cell in enumerate(table.rows[0].cells):
        if code := names.get(_fold(cell)):
            places.setdefault(code, place)
    return places, [(row.line, row.cells) for row in table.rows[1:]]


def _fold(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip(" *:").casefold()


def _priority(text: str) -> int | None:
    plain = _fold(text)
    if not plain:
        return 2
    return int(plain) if plain in ("1", "2", "3") else _PRIORITIES.get(plain)


def _moment(day: str, start: str, days: Sequence[date], zone: ZoneInfo) -> datetime | None:
    clock, written = (
        _CLOCK.search(unicodedata.normalize("NFKC", start)),
        _DATE.search(_fold(day) or _fold(start)),
    )
    try:
        on = (
            date(*(int(part) for part in written.groups()))
            if written
            else days[0]
            if len(set(days)) == 1
            else None
        )
        if clock is None or on is None:
            return None
        return datetime.combine(on, time(int(clock[1]), int(clock[2])), zone).astimezone(UTC)
    except ValueError:
        return None
