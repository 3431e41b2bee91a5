"""The records of a mission as both nodes hold them: programme, participations, schedule.

What a log says is untrusted: a body that is not in its form, or speaks for another node, is none of them.
Bodies are checked by records/schema.py before; here is what a single field cannot say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from kakehashi.missions import times
from kakehashi.missions.times import Span
from kakehashi.signing.commit import parse_stamp, stamp
from kakehashi.translation.texts import Texts

Body: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str, str]  # a node and the id of one of its records


@dataclass(frozen=True)
class Place:
    """A table, room or interpreter; without `when` there the whole time."""

    name: str
    languages: tuple[str, ...] = ()
    when: Span | None = None


@dataclass(frozen=True)
class Programme:
    """What the host announces. `key` is the record's, `host` the organisation that invites."""

    key: Key
    host: Key
    host_name: str
    title: Texts
    summary: Texts
    zone: ZoneInfo
    city: str
    place: str
    minutes: int
    pause: int
    days: tuple[Span, ...]
    breaks: tuple[tuple[Span, str], ...]
    tables: tuple[Place, ...]
    interpreters: tuple[Place, ...]

    @property
    def slots(self) -> tuple[Span, ...]:
        return times.slots(self.days, [span for span, _ in self.breaks], self.minutes, self.pause)

    @property
    def length(self) -> timedelta:
        """Of a talk."""
        return timedelta(minutes=self.minutes)

    @property
    def ends(self) -> datetime:
        return max(day.end for day in self.days)


@dataclass(frozen=True)
class Wish:
    """Whom a participant wants to meet, how much (1 to 3) and why."""

    company: Key
    name: str
    priority: int
    why: Texts


@dataclass(frozen=True)
class Note:
    """What a participant wrote down after a talk."""

    company: Key
    name: str
    said: Texts
    next: Texts
    due: str
    go_on: bool


@dataclass(frozen=True)
class Participant:
    """One organisation's part in a mission, written by its own node."""

    record: Key
    company: Key
    name: str
    languages: tuple[str, ...]
    most: int
    away: tuple[Span, ...]
    wishes: tuple[Wish, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Held:
    """A talk in the schedule: who, when, where."""

    host: Key
    guest: Key
    start: datetime
    table: str = ""
    interpreter: str = ""
    fixed: bool = False

    @property
    def pair(self) -> tuple[Key, Key]:
        return self.host, self.guest


@dataclass(frozen=True)
class Planned:
    """The schedule as the host's node computed it; `value` and `bound` as in `schedule.Schedule`."""

    record: Key
    talks: tuple[Held, ...] = ()
    value: int = 0
    bound: int = 0
    at: datetime | None = None


def programme(key: Key, body: Body) -> Programme | None:
    """The programme that a record's body tells of; None if it is none."""
    zone = times.zone(body.get("zone", ""))
    organisation = body["organisation"]
    if body.get("says") != "programme" or zone is None or "title" not in body or not body.get("days"):
        return None
    if organisation["origin"] != key[0] or "minutes" not in body:
        return None
    if any(not timedelta(0) < day.end - day.start <= timedelta(days=1) for day in _spans(body["days"])):
        return None  # a day of a thousand years would have more slots than anybody can count
    return Programme(
        key=key,
        host=_key(organisation),
        host_name=organisation["name"],
        title=body["title"],
        summary=body.get("summary", {}),
        zone=zone,
        city=body.get("city", ""),
        place=body.get("place", ""),
        minutes=body["minutes"],
        pause=body.get("pause", 0),
        days=_spans(body["days"]),
        breaks=tuple((_span(row), row.get("name", "")) for row in body.get("breaks", [])),
        tables=tuple(_place(row) for row in body.get("tables", [])),
        interpreters=tuple(_place(row) for row in body.get("interpreters", [])),
    )


def participants(mission: Key, bodies: Iterable[tuple[Key, Body]]) -> tuple[Participant, ...]:
    """Who takes part: each organisation by one record of its own node, the first by id if there are more."""
    found: dict[Key, Participant] = {}
    for key, body in sorted(bodies, key=lambda each: each[0]):
        organisation = body["organisation"]
        if not _is(body, "participation", mission) or organisation["origin"] != key[0]:
            continue
        company = _key(organisation)
        found.setdefault(
            company,
            Participant(
                record=key,
                company=company,
                name=organisation["name"],
                languages=tuple(body.get("languages", [])),
                most=body.get("most", 0),
                away=_spans(body.get("away", [])),
                wishes=tuple(_wish(row) for row in body.get("wishes", [])),
                notes=tuple(_note(row) for row in body.get("notes", [])),
            ),
        )
    return tuple(sorted(found.values(), key=lambda one: (one.company[0] != mission[0], one.name)))


def planned(mission: Key, bodies: Iterable[tuple[Key, Body]]) -> Planned | None:
    """The schedule; only the host's own node says it."""
    for key, body in sorted(bodies, key=lambda each: each[0]):
        if _is(body, "schedule", mission) and key[0] == mission[0]:
            return Planned(
                record=key,
                talks=tuple(_held(row) for row in body.get("talks", [])),
                value=body.get("value", 0),
                bound=body.get("bound", 0),
                at=parse_stamp(body["at"]) if "at" in body else None,
            )
    return None


def narrowed(every: Iterable[Participant], company: Key | None) -> tuple[Participant, ...]:
    """The same for a member: wishes and notes of others only where they speak of `company`."""
    return tuple(
        one
        if one.company == company
        else replace(
            one,
            away=(),
            wishes=tuple(wish for wish in one.wishes if wish.company == company),
            notes=tuple(note for note in one.notes if note.company == company),
        )
        for one in every
    )


def row(span: Span) -> dict[str, str]:
    """A span as it travels."""
    return {"from": stamp(span.start), "to": stamp(span.end)}


def place_row(place: Place) -> dict[str, Any]:
    """A table or an interpreter as it travels."""
    languages = {"languages": list(place.languages)} if place.languages else {}
    return {"name": place.name, **languages, **(row(place.when) if place.when else {})}


def talk_row(talk: Held) -> dict[str, Any]:
    """A talk as it travels."""
    made: dict[str, Any] = {
        "host": {"origin": talk.host[0], "id": talk.host[1]},
        "guest": {"origin": talk.guest[0], "id": talk.guest[1]},
        "start": stamp(talk.start),
        "fixed": talk.fixed,
    }
    return {**made, **{k: v for k, v in (("table", talk.table), ("interpreter", talk.interpreter)) if v}}


def _is(body: Body, says: str, mission: Key) -> bool:
    return body.get("says") == says and "about" in body and _key(body["about"]) == mission


def _key(reference: Mapping[str, str]) -> Key:
    return reference["origin"], reference["id"]


def _spans(rows: Iterable[Body]) -> tuple[Span, ...]:
    return tuple(sorted(_span(each) for each in rows))


def _span(each: Body) -> Span:
    return Span(parse_stamp(each["from"]), parse_stamp(each["to"]))


def _place(each: Body) -> Place:
    when = _span(each) if "from" in each and "to" in each else None
    return Place(each["name"], tuple(each.get("languages", [])), when)


def _wish(each: Body) -> Wish:
    reference = each["organisation"]
    return Wish(_key(reference), reference["name"], each.get("priority", 2), each.get("why", {}))


def _note(each: Body) -> Note:
    reference = each["organisation"]
    return Note(
        _key(reference),
        reference["name"],
        each.get("said", {}),
        each.get("next", {}),
        each.get("due", ""),
        each.get("go_on", False),
    )


def _held(each: Body) -> Held:
    return Held(
        _key(each["host"]),
        _key(each["guest"]),
        parse_stamp(each["start"]),
        each.get("table", ""),
        each.get("interpreter", ""),
        each.get("fixed", False),
    )
