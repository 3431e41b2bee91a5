"""What people do with matches: shortlist, dismiss with a reason, take it back, pass on to a colleague."""

from datetime import datetime

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.matching.desk import DISMISSED, SAYINGS, desk_of
from kakehashi.matching.models import Decision, Match, Passed
from kakehashi.matching.queries.desk import recipients
from kakehashi.records.kinds import REASONS

NOTE = 1_000  # characters


@transaction.atomic
def decide(*, viewer: Viewer, match: Match, says: str, reason: str = "", now: datetime) -> None:
    """What the viewer's desk holds of a match from now on; `says` empty: nothing any more.

    NotAllowed for whoever works at no desk; InvalidInput for a dismissal without one of the REASONS.
    """
    desk = desk_of(viewer)
    if desk is None:
        raise NotAllowed("matching.decide")
    if says and says not in SAYINGS:
        raise InvalidInput({"says": [says]})
    if (says == DISMISSED) != (reason in REASONS):
        raise InvalidInput({"reason": [reason]})
    pair = {"own": match.own.record, "origin": match.other.origin, "other": match.other.record}
    ended = Decision.objects.filter(**pair, desk=desk, standing=True).update(standing=False)
    if says:
        Decision.objects.create(
            **pair, desk=desk, says=says, reason=reason, by=viewer.actor, at=now, **_measured(match)
        )
    if says or ended:
        facts = {"says": says, "reason": reason}
        note(at=now, actor=viewer.actor, action="matching.decide", object=_name(match), **facts)


@transaction.atomic
def pass_on(*, viewer: Viewer, match: Match, person_id: int, words: str, now: datetime) -> Passed:
    """Put a match on a colleague's list; the worker mails it. InvalidInput unless it is for `recipients`."""
    person = next((one for one in recipients(viewer, match, now) if one.pk == person_id), None)
    if person is None:
        raise InvalidInput({"to": [str(person_id)]})
    row = Passed.objects.create(
        own=match.own.record, origin=match.other.origin, other=match.other.record,
        by=viewer.actor, to=person, note=words[:NOTE], at=now,
    )  # fmt: skip
    note(at=now, actor=viewer.actor, action="matching.pass", object=_name(match), to=person.email)
    return row


def _measured(match: Match) -> dict[str, object]:
    """The score as it was seen; the words that a component rests on are the records' own and not kept."""
    kept = [row | {"because": []} if row["name"] == "words" else row for row in match.components]
    return {
        "score": match.score,
        "components": kept,
        "conditions": match.conditions,
        "encoder": match.encoder,
        "basis": match.basis,
    }


def _name(match: Match) -> str:
    return f"{match.own.record} {match.other.origin}/{match.other.record}"
