"""The life of an agreement: its states, its term, notice, reminders, and the spans of its time line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypedDict

from kakehashi.agreements.shape import gettext_noop
from kakehashi.errors import InvalidInput
from kakehashi.signing.commit import parse_stamp


class State(StrEnum):
    """The four states of EXCHANGE.md section 4."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"
    VOID = "void"


class Standing(TypedDict):
    """An agreement as it stands on this node: what its document grants, and what has happened to it.

    `hash` names this version, `lineage` version 1; `ends` is the end of the term or the effective time of a
    termination, whichever comes first. `suspended` (the local switch) stops serving and pulling, no decision.
    """

    hash: str
    lineage: str
    version: int
    state: str
    starts: datetime
    ends: datetime
    suspended: bool
    parties: list[dict[str, Any]]
    clauses: list[dict[str, Any]]
    grants: list[dict[str, Any]]
    limits: dict[str, int]
    document: dict[str, Any]


PROPOSAL_LIFETIME = timedelta(days=90)
REMINDER_DAYS = (180, 90, 30, 7)  # before the end of the term

NOTICE_TOO_SHORT = gettext_noop("The agreement asks for a longer notice than this.")
AFTER_THE_TERM = gettext_noop("The term is over by then.")
BEFORE_ISSUED = gettext_noop("It cannot take effect before it is declared.")


def standing(
    document: Mapping[str, Any],
    *,
    hash: str,
    lineage: str,
    state: str,
    terminated: datetime | None = None,
    suspended: bool = False,
) -> Standing:
    """The standing of a checked document."""
    until = parse_stamp(document["term"]["until"])
    return Standing(
        hash=hash,
        lineage=lineage,
        version=document["version"],
        state=state,
        starts=parse_stamp(document["term"]["from"]),
        ends=min(until, terminated) if terminated else until,
        suspended=suspended,
        parties=document["parties"],
        clauses=document["clauses"],
        grants=document["grants"],
        limits=document["limits"],
        document=dict(document),
    )


def open_code(agreement: Standing, now: datetime) -> str:
    """Empty while the agreement is in force, else the code that says why not (EXCHANGE.md section 16).

    The clock counts beside the stored state: nothing crosses in the minutes before a job notes an end.
    """
    if agreement["state"] == State.ENDED or (agreement["state"] == State.ACTIVE and now >= agreement["ends"]):
        return "agreement-ended"
    if agreement["state"] != State.ACTIVE or now < agreement["starts"]:
        return "agreement-not-active"
    return ""


def next_state(
    state: str,
    *,
    signed_by: Collection[str],
    parties: Collection[str],
    proposed: datetime,
    starts: datetime,
    ends: datetime,
    now: datetime,
) -> State:
    """The state at `now`; ended and void are final. A proof shows that the party's node holds the hash."""
    if state in (State.ENDED, State.VOID):
        return State(state)
    if state == State.PROPOSED and not set(parties) <= set(signed_by):
        return State.VOID if now >= proposed + PROPOSAL_LIFETIME else State.PROPOSED
    if now >= ends:
        return State.ENDED
    return State.ACTIVE if now >= starts or state == State.ACTIVE else State.PROPOSED


def earliest_end(notice_days: int, issued: datetime) -> datetime:
    """The first midnight (UTC) at which a notice given at `issued` can take effect."""
    day = (issued + timedelta(days=notice_days)).astimezone(UTC)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == day else midnight + timedelta(days=1)


def check_end(agreement: Standing, *, effective: datetime, issued: datetime, reason: str) -> None:
    """Raise InvalidInput unless a termination honours the notice; for cause it may take effect at once."""
    notice = timedelta(days=0 if reason == "cause" else agreement["document"]["term"]["notice_days"])
    if effective < issued:
        raise InvalidInput({"effective": [BEFORE_ISSUED]})
    if effective < issued + notice:
        raise InvalidInput({"effective": [NOTICE_TOO_SHORT]})
    if effective > parse_stamp(agreement["document"]["term"]["until"]):
        raise InvalidInput({"effective": [AFTER_THE_TERM]})


def years_later(start: datetime, years: int) -> datetime:
    """The same day `years` later; 29 February becomes 28 February."""
    feb_29 = (start.month, start.day) == (2, 29)
    return start.replace(year=start.year + years, day=28 if feb_29 else start.day)


def days_left(ends: datetime, now: datetime) -> int:
    """Whole days until the end; 0 once it is reached."""
    return max(0, (ends - now).days)


def reminders(ends: datetime) -> list[datetime]:
    """When both managers are reminded of the coming end, first to last."""
    return [ends - timedelta(days=days) for days in REMINDER_DAYS]


def reminders_due(ends: datetime, sent: Collection[int], now: datetime) -> list[int]:
    """The reminder to send now, in days before the end: only the latest that is due, and none twice."""
    if now >= ends:
        return []
    due = [days for days in REMINDER_DAYS if now >= ends - timedelta(days=days)]
    return [days for days in due[-1:] if days not in sent]


@dataclass(frozen=True)
class Span:
    """One term on the time line, in its own units; `open` where the end is not known."""

    left: int
    right: int
    open: bool
    label: str

    @property
    def path(self) -> str:
        """The arch as an SVG path that stands on y = 80: the longer the term, the higher."""
        middle, top = (self.left + self.right) // 2, 80 - round((self.right - self.left) * 0.477)
        return f"M{self.left} 80 Q{middle} {top} {self.right} 80"

    @property
    def percent(self) -> str:
        """Where its label begins."""
        return percent(self.left)

    @property
    def crowded(self) -> bool:
        """Too near to the last label to stand on a small screen."""
        return self.left > 0.75 * WIDTH


@dataclass(frozen=True)
class TimeLine:
    """Spans from the first term to the last, and where today stands (None: outside of them)."""

    spans: list[Span]
    today: int | None
    last_label: str

    @property
    def today_percent(self) -> str:
        return percent(self.today or 0)


WIDTH = 1200  # units from the first day of a time line to the last


def time_line(terms: Sequence[tuple[str, str | None]], now: datetime) -> TimeLine:
    """Spans of `terms`: (from, until) as YYYY[-MM[-DD]]; until None is not known and drawn to the next."""
    ordered = sorted(terms, key=lambda term: term[0])
    first, last = day(ordered[0][0]), max(day(until or start) for start, until in ordered)
    scale = WIDTH / max(1, (last - first).days)

    def place(when: date) -> int:
        return round((when - first).days * scale)

    spans = []
    for (start, until), following in zip(ordered, [*ordered[1:], None], strict=True):
        end = day(until) if until else (day(following[0]) if following else last)
        spans.append(Span(place(day(start)), place(max(end, day(start))), until is None, start[:4]))
    today = now.date()
    return TimeLine(spans, place(today) if first <= today <= last else None, f"{last:%Y}")


def percent(units: int) -> str:
    """A place on the time line as SVG takes it, whatever the reader's language."""
    return f"{units * 100 / WIDTH:.1f}%"


def day(text: str) -> date:
    """YYYY[-MM[-DD]] as a date; a year or a month stands for its middle. ValueError for anything else."""
    parts = [int(part) for part in text.split("-")]
    middle = {1: (7, 1), 2: (15,)}.get(len(parts), ())
    return date(*parts, *middle)
