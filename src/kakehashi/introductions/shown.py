"""The page of one introduction put together: the thread, both ends, what can be done and with which form."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.introductions import labels, moves, queries, zones
from kakehashi.introductions.calendar import Meeting
from kakehashi.introductions.events import Event
from kakehashi.introductions.forms import StepForm, form_of
from kakehashi.introductions.meetings import told_by
from kakehashi.introductions.models import Wording
from kakehashi.introductions.moves import Move, moved
from kakehashi.introductions.queries import Introduction, Words
from kakehashi.introductions.steps import Status
from kakehashi.introductions.templatetags.introductions import clocks
from kakehashi.records import naming
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled
from kakehashi.translation.texts import pick
from kakehashi.ui.languages import reader_language

ASIDE = (Move.WITHDRAW, Move.OUTCOME, Move.DECLINE)  # not what the page is for


@dataclass(frozen=True)
class Line:
    """One line of the thread: what happened, on which side, and what was written with it."""

    event: Event
    side: naming.Side
    words: str
    reason: str
    text: Words | None
    meeting: Meeting | None


@dataclass(frozen=True)
class Step:
    """Something that the viewer can do, with its form."""

    move: Move
    form: StepForm
    main: bool


def page_of(request: Request, found: Introduction, refused: tuple[Move, StepForm] | None) -> dict[str, Any]:
    """All that the page shows; `refused`: the step that was tried, with what is wrong."""
    mine, theirs = _sides(found)
    made = queries.wordings(request.viewer, found)
    return {
        "found": found,
        "state": found.state,
        "title": titled(found.target) if found.target else None,
        "asker": mine if found.asks else theirs,
        "owner": theirs if found.asks else mine,
        "questions": queries.words(found.interest, "questions", made, reader_language()),
        "about_you": queries.words(found.interest, "about_you", made, reader_language()),
        "lines": [_line(request, found, event, made) for event in queries.steps_of(request.viewer, found)],
        "steps": steps(request, found, refused),
        "contacts": found.contacts,
        "acts": labels.ACTS.get(found.state.acts, ""),
        "crumbs": [(labels.BOARD, reverse("introductions:board"))],
    }


def steps(request: Request, found: Introduction, refused: tuple[Move, StepForm] | None) -> list[Step]:
    """What the viewer can do, the next step first and its form open."""
    facts = _facts(request, found)
    made = []
    for move in found.moves:
        form = refused[1] if refused and refused[0] is move else form_of(move, None, **facts)
        made.append(Step(move, form, move is _main(found)))
    return made


def _main(found: Introduction) -> Move | None:
    """The step that the page is for: the next one; after a negotiation, to say what came of it."""
    if found.state.status is Status.NEGOTIATION:
        return Move.OUTCOME
    first = next(iter(found.moves), None)
    return first if first not in ASIDE else None


def bound(request: Request, found: Introduction, move: Move) -> StepForm:
    """The form of one step, filled in as it was sent."""
    return form_of(move, request.POST, **_facts(request, found))


def address(found: Introduction, request: Request) -> str:
    return request.build_absolute_uri(reverse("introductions:thread", args=found.key))


def _facts(request: Request, found: Introduction) -> dict[str, Any]:
    ours = _ours(request, found)
    other = found.state.owner if found.asks else found.state.asker
    body = found.interest.body if found.asks else {}
    lang = reader_language()
    texts = {name: shown.text for name in ("questions", "about_you") if (shown := pick(body.get(name), lang))}
    return {
        "meetings": [(id, clocks(meeting)[0][1]) for id, meeting in ours],
        "planned": _again(ours[0][1]) if ours else {},
        "contact": {"name": request.user.name, "email": request.user.email},
        "asked": {**texts, "cooperation": body.get("cooperation", [])},
        "here": this.node().time_zone,
        "there": zones.of_countries([agreements.partner(WORKER, other).country]),
    }


def _ours(request: Request, found: Introduction) -> list[tuple[str, Meeting]]:
    """The meetings that this side can move or call off, by the ids of their records, the latest first."""
    ids = {event.id for event in moves.arranged(found.state, found.part)}
    ours = [each for each in found.said if each.own and str(each.record) in ids]
    made = [(str(each.record), told_by(found, each, address(found, request))) for each in reversed(ours)]
    return [(id, meeting) for id, meeting in made if meeting]


def _again(meeting: Meeting) -> dict[str, Any]:
    """The first values of a meeting that is moved: as it stands, by the clock here."""
    here = zones.local(meeting.start, this.node().time_zone)
    facts = {"minutes": meeting.minutes, "zone": meeting.zones[-1], "place": meeting.place}
    return {"start": here.replace(tzinfo=None), **facts}


def _sides(found: Introduction) -> tuple[naming.Side, naming.Side]:
    """The own side and the other."""
    sides = naming.sides()
    here = this.node().side
    other = found.state.owner if found.asks else found.state.asker
    side = agreements.partner(WORKER, other).side
    return sides[here], sides.get(side) or naming.unknown(side)


def _line(request: Request, found: Introduction, event: Event, made: list[Wording]) -> Line:
    said = _reading(found, event)
    mine, theirs = _sides(found)
    reason = event.detail if event.says in ("returned", "declined") else ""
    named = {**labels.RETURNS, **labels.REASONS}
    return Line(
        event=event,
        side=mine if event.node == this.node().name else theirs,
        words=str(labels.SAID["moved" if moved(event) else event.says]),
        reason=str(named.get(reason, "")),
        text=queries.words(said, "message", made, reader_language()) if said else None,
        meeting=told_by(found, said, address(found, request)) if said else None,
    )


def _reading(found: Introduction, event: Event) -> Reading | None:
    rows = (found.interest, *found.said)
    keys = {(each.origin, str(each.record), each.revision): each for each in rows}
    return keys.get((*event.key, event.revision))
