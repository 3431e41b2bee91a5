"""After both yeses: a meeting, the steps to a contract, what came of it, whether the other side agrees."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.introductions.actions.common import message, spoken, step, tell
from kakehashi.introductions.events import Key
from kakehashi.introductions.moves import Move
from kakehashi.introductions.steps import Result, Status
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
    facts = {"start": stamp(start), "minutes": minutes, "zones": list(dict.fromkeys(zones))}
    facts |= {"place": place.strip()} if place.strip() else {}
    record = tell(viewer, found, "outcome", spoken(Status.MEETING.value, now) | facts, now)
    note(at=now, actor=viewer.actor, action="introductions.arrange", object=interest[1])
    return record.id


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
