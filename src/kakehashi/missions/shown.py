"""What a page says of a mission, in the reader's language: names, times on both sides, talks, conflicts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _

from kakehashi import this
from kakehashi.missions import labels, planning
from kakehashi.missions.bodies import Held, Key, Participant, Programme
from kakehashi.missions.queries import Mission
from kakehashi.missions.schedule import Conflict
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import address, titled
from kakehashi.text.detect import detect
from kakehashi.translation.texts import Shown, pick
from kakehashi.ui.languages import reader_language

Readings = Mapping[Key, Reading]


@dataclass(frozen=True)
class Name:
    """An organisation as this reader reads it; `key` is its origin and id."""

    text: str
    lang: str
    address: str
    side: str
    key: Key


@dataclass(frozen=True)
class Line:
    """One talk. `start` and `home` are hours and minutes there and at the reader's own side."""

    held: Held
    start: str
    end: str
    home: str
    host: Name
    guest: Name
    conflicts: list[str]


@dataclass(frozen=True)
class Hour:
    """All talks that begin at one time."""

    start: str
    end: str
    home: str
    lines: list[Line]


@dataclass(frozen=True)
class Day:
    """One day: its date in words, its talks by time."""

    date: str
    hours: list[Hour]


@dataclass(frozen=True)
class Wanted:
    """A wish in the reader's language."""

    name: Name
    priority: str
    why: Shown | None
    mutual: bool


@dataclass(frozen=True)
class Tally:
    """How much of the wishes a schedule fulfils; `gap` is per cent, "" where the best is proven."""

    talks: int
    mutual: int
    mutual_met: int
    single: int
    single_met: int
    gap: str


def title(programme: Programme) -> Shown:
    """The title; every programme has one."""
    shown = pick(programme.title, reader_language())
    assert shown is not None  # noqa: S101  # bodies.programme
    return shown


def names(of: Mission, known: Readings) -> dict[Key, Name]:
    """How host and participants are called; of one whose entry may not be opened the name alone."""
    programme, found = of.programme, {}
    side = {programme.key[0]: of.reading.side}
    for one in of.participants:
        side.setdefault(one.company[0], of.readings[one.record].side)
    every = [(programme.host, programme.host_name), *((one.company, one.name) for one in of.participants)]
    for key, plain in every:
        row = known.get(key)
        shown = titled(row) if row else None
        text, lang = (shown.text, shown.lang) if shown else (plain, detect(plain) or "")
        found[key] = Name(text, lang, address(row) if row else "", side[key[0]], key)
    return found


def name_of(key: Key, every: Mapping[Key, Name]) -> Name:
    """A participant's name; one that is gone says so."""
    return every.get(key) or Name(_("an organisation that no longer takes part"), "", "", "", key)


def days(of: Mission, talks: Iterable[Held], every: Mapping[Key, Name]) -> list[Day]:
    """Talks by day and time."""
    zone, wrong = of.programme.zone, _by_pair(of, every)
    made = []
    ordered = sorted(talks, key=lambda talk: (talk.start, _natural(talk.table), talk.pair))
    for date, of_day in groupby(ordered, key=lambda talk: talk.start.astimezone(zone).date()):
        hours = []
        for start, at_once in groupby(of_day, key=lambda talk: talk.start):
            lines = [_line(of, talk, every, wrong) for talk in at_once]
            hours.append(Hour(clock(start, zone), lines[0].end, lines[0].home, lines))
        made.append(Day(day_text(date), hours))
    return made


def day_text(date: Any) -> str:
    """A day with its weekday, as the reader writes it."""
    form = "Y年n月j日(D)" if reader_language() == "ja" else formats.get_format("DATE_FORMAT")
    return date_text(date, form if reader_language() == "ja" else f"l, {form}")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Hours and minutes in a time zone."""
    return f"{moment.astimezone(zone):%H:%M}"


def home_zone(of: Mission) -> ZoneInfo | None:
    """The reader's own zone if its clocks show something else than those of the mission."""
    zone = ZoneInfo(this.node().time_zone)
    first = of.programme.days[0].start
    same = first.astimezone(zone).utcoffset() == first.astimezone(of.programme.zone).utcoffset()
    return None if same else zone


def city_of(zone: ZoneInfo) -> str:
    """What a zone is called on a page: Asia/Tokyo."""
    return zone.key.replace("_", " ")


def agenda(of: Mission) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each day: its date, its hours, its breaks with theirs."""
    zone = of.programme.zone
    return [
        (
            day_text(day.start.astimezone(zone).date()),
            f"{clock(day.start, zone)}–{clock(day.end, zone)}",
            [
                (f"{clock(span.start, zone)}–{clock(span.end, zone)}", name or _("Break"))
                for span, name in of.programme.breaks
                if span.meets(day)
            ],
        )
        for day in of.programme.days
    ]


def wanted(of: Mission, one: Participant, every: Mapping[Key, Name]) -> list[Wanted]:
    """Whom a participant wants to meet, the most wanted first."""
    lang = reader_language()
    back = {other.company for other in of.participants if one.company in (w.company for w in other.wishes)}
    ordered = sorted(one.wishes, key=lambda wish: (-wish.priority, wish.name))
    return [
        Wanted(
            name_of(wish.company, every),
            str(labels.PRIORITY[wish.priority]),
            pick(wish.why, lang),
            wish.company in back,
        )
        for wish in ordered
    ]


def wanted_by(of: Mission, one: Participant, every: Mapping[Key, Name]) -> list[Wanted]:
    """Who wants to meet a participant, and why."""
    lang = reader_language()
    mine = {wish.company for wish in one.wishes}
    found = [
        (other, wish) for other in of.participants for wish in other.wishes if wish.company == one.company
    ]
    return [
        Wanted(
            name_of(other.company, every),
            str(labels.PRIORITY[wish.priority]),
            pick(wish.why, lang),
            other.company in mine,
        )
        for other, wish in sorted(found, key=lambda pair: (-pair[1].priority, pair[0].name))
    ]


def tally(of: Mission) -> Tally | None:
    """The schedule against the wishes; for the team, who sees all of both."""
    if of.planned is None:
        return None
    by = {(one.company, wish.company) for one in of.participants for wish in one.wishes}
    mutual = {frozenset(pair) for pair in by if (pair[1], pair[0]) in by}
    single = {frozenset(pair) for pair in by} - mutual
    met = {frozenset(talk.pair) for talk in of.planned.talks}
    left = max(0, of.planned.bound - of.planned.value) / max(1, of.planned.bound)
    return Tally(
        talks=len(of.planned.talks),
        mutual=len(mutual),
        mutual_met=len(mutual & met),
        single=len(single),
        single_met=len(single & met),
        gap=formats.localize(round(left * 100, 1)) if left else "",
    )


def conflict(found: Conflict, every: Mapping[Key, Name]) -> str:
    """What is wrong, in a sentence."""
    about = every.get(planning.key(found.about))
    return str(labels.CONFLICTS[found.code] % {"about": about.text if about else found.about})


def _by_pair(of: Mission, every: Mapping[Key, Name]) -> dict[tuple[Key, Key], list[str]]:
    found: dict[tuple[Key, Key], list[str]] = {}
    for each in of.conflicts if of.is_staff else []:
        pair = (planning.key(each.talk.host), planning.key(each.talk.guest))
        found.setdefault(pair, []).append(conflict(each, every))
    return found


def _line(
    of: Mission, talk: Held, every: Mapping[Key, Name], wrong: Mapping[tuple[Key, Key], list[str]]
) -> Line:
    zone, home = of.programme.zone, home_zone(of)
    end = talk.start + of.programme.length
    return Line(
        talk,
        clock(talk.start, zone),
        clock(end, zone),
        clock(talk.start, home) if home else "",
        name_of(talk.host, every),
        name_of(talk.guest, every),
        wrong.get(talk.pair, []),
    )


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Table 2 before Table 10."""
    return tuple(
        (int("".join(part)) if digit else -1, "" if digit else "".join(part))
        for digit, part in ((d, list(p)) for d, p in groupby(text, str.isdecimal))
    )
