"""After both yeses: meetings, the steps to a contract, what came of it, whether the other side agrees."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import NotFound
from kakehashi.introductions import moves
from kakehashi.introductions.actions.common import message, spoken, step, tell
from kakehashi.introductions.events import Key
from kakehashi.introductions.moves import Move
from kakehashi.introductions.queries import Introduction
from kakehashi.introductions.steps import CANCELLED, Result, Status
from kakehashi.records.models import Reading
from kakehashi.signing.commit import stamp


@transaction.atomic
def arrange(
    *,
    viewer: Viewer,
    interest: Key,
    start: datetime,
    minutes: int,
    place: str,
    zones: tuple[str, str],
    now: datetime,
) -> UUID:
    """A meeting, held or to come; gives the record of the invitation. `zones`: time zones here and there."""
    found = step(viewer, interest, Move.MEETING, now)
    facts = _when(start, minutes, place, zones)
    record = tell(viewer, found, "outcome", spoken(Status.MEETING.value, now) | facts, now)
    note(at=now, actor=viewer.actor, action="introductions.arrange", object=interest[1])
    return record.id


@transaction.atomic
def reschedule(
    *,
    viewer: Viewer,
    interest: Key,
    meeting: UUID,
    start: datetime,
    minutes: int,
    place: str,
    zones: tuple[str, str],
    now: datetime,
) -> None:
    """A meeting of this side at another time or place: the same record, so that calendars change theirs."""
    found = step(viewer, interest, Move.RESCHEDULE, now)
    members = spoken(Status.MEETING.value, now) | _when(start, minutes, place, zones)
    tell(viewer, found, "outcome", members, now, record_id=_own(found, meeting).record)
    note(at=now, actor=viewer.actor, action="introductions.reschedule", object=interest[1])


@transaction.atomic
def call_off(*, viewer: Viewer, interest: Key, meeting: UUID, words: str, lang: str, now: datetime) -> None:
    """A meeting of this side does not take place. Its record stays, so that both sides' calendars hear it."""
    found = step(viewer, interest, Move.CALL_OFF, now)
    said = _own(found, meeting)
    when = {name: said.body[name] for name in ("start", "minutes", "place", "zones") if name in said.body}
    members = when | spoken(CANCELLED, now) | {"lang": lang, **message("message", words, lang)}
    tell(viewer, found, "outcome", members, now, record_id=said.record)
    note(at=now, actor=viewer.actor, action="introductions.call-off", object=interest[1])


def _when(start: datetime, minutes: int, place: str, zones: tuple[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"start": stamp(start), "minutes": minutes, "zones": list(dict.fromkeys(zones))}
    return facts | ({"place": place.strip()} if place.strip() else {})


def _own(found: Introduction, meeting: UUID) -> Reading:
    """A meeting that this side has arranged; NotFound for any other."""
    known = {event.id for event in moves.arranged(found.state, found.part)}
    for said in found.said:
        if said.own and said.record == meeting and str(meeting) in known:
            return said
    raise NotFound(f"meeting {meeting}")


@transaction.atomic
def reach(*, viewer: Viewer, interest: Key, milestone: Status, words: str, lang: str, now: datetime) -> None:
    """The confidentiality agreement is signed, or the two negotiate."""
    found = step(viewer, interest, Move(milestone.value), now)
    more = {"lang": lang, **message("message", words, lang)}
    tell(viewer, found, "outcome", spoken(milestone.value, now) | more, now)
    note(at=now, actor=viewer.actor, action="introductions.reach", object=interest[1], status=milestone.value)


@transaction.atomic
def report(*, viewer: Viewer, interest: Key, result: Result, words: str, lang: str, now: datetime) -> None:
    """What came of it; it counts once the other side has confirmed it."""
    found = step(viewer, interest, Move.OUTCOME, now)
    more = {"lang": lang, **message("message", words, lang)}
    tell(viewer, found, "outcome", spoken(result.value, now) | more, now)
    note(at=now, actor=viewer.actor, action="introductions.report", object=interest[1], result=result.value)


@transaction.atomic
def judge(*, viewer: Viewer, interest: Key, agrees: bool, words: str, lang: str, now: datetime) -> None:
    """Confirm what the other side reports, or dispute it."""
    found = step(viewer, interest, Move.CONFIRM if agrees else Move.DISPUTE, now)
    says = "confirmed" if agrees else "disputed"
    more = {"result": found.state.result, "lang": lang, **message("message", words, lang)}
    tell(viewer, found, "confirmation", spoken(says, now) | more, now, about=found.state.outcome)
    note(at=now, actor=viewer.actor, action="introductions.judge", object=interest[1], says=says)
