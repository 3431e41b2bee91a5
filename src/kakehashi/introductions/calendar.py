"""A meeting for calendars, arranged, moved or called off (RFC 5545): from the clock here to that there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from kakehashi.introductions import zones


@dataclass(frozen=True)
class Meeting:
    """`zones` are IANA names of both sides; `people` (name, address), the one who invites first.

    `sequence`: how often it has been moved.
    """

    uid: str
    title: str
    start: datetime
    minutes: int
    place: str
    zones: tuple[str, ...]
    address: str
    people: Sequence[tuple[str, str]] = ()
    sequence: int = 0
    cancelled: bool = False

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    @property
    def method(self) -> str:
        """What a calendar is to do with it (RFC 5546): answer it, keep what one person says, take it out."""
        if self.cancelled:
            return "CANCEL"
        return "REQUEST" if len(self.people) > 1 else "PUBLISH"

    @property
    def clocks(self) -> list[tuple[str, datetime, datetime]]:
        """(zone, begin, end) by the clocks of each side."""
        return [(name, zones.local(self.start, name), zones.local(self.end, name)) for name in self.zones]

    @property
    def by_clocks(self) -> list[tuple[str, str]]:
        """(zone, "2026-12-01 09:00–10:00") by the clocks of each side."""
        return [(name, f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}") for name, start, end in self.clocks]


def invitation(meeting: Meeting, now: datetime, sender: str = "") -> bytes:
    """The file that a calendar opens, with the definitions of both time zones.

    `sender`: the address that mails it in the name of whoever invites (RFC 6047 section 2.2).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kakehashi//introductions//")
    calendar.add("version", "2.0")
    calendar.add("method", meeting.method)
    calendar.add_component(_event(meeting, now, sender))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, now: datetime, sender: str) -> Event:
    first, last = meeting.clocks[0], meeting.clocks[-1]
    facts = {
        "uid": meeting.uid,
        "sequence": meeting.sequence,
        "status": "CANCELLED" if meeting.cancelled else "CONFIRMED",
        "dtstamp": now,
        "summary": meeting.title,
        "dtstart": first[1],
        "dtend": last[2],
        "description": "\n".join([*(_line(*clock) for clock in meeting.clocks), meeting.address]),
        "url": meeting.address,
        **({"location": meeting.place} if meeting.place else {}),
    }
    event = Event()
    for name, value in facts.items():
        event.add(name, value)
    for number, (name, address) in enumerate(meeting.people):
        event.add("attendee" if number else "organizer", _person(name, address, sender, invited=bool(number)))
    return event


def _person(name: str, address: str, sender: str, *, invited: bool) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name)
    if invited:
        person.params["PARTSTAT"], person.params["RSVP"] = vText("NEEDS-ACTION"), vText("TRUE")
    elif sender and sender != address:
        person.params["SENT-BY"] = vText(f"mailto:{sender}")
    return person


def _line(zone: str, start: datetime, end: datetime) -> str:
    return f"{zone}: {start:%Y-%m-%d %H:%M} - {end:%Y-%m-%d %H:%M}"
