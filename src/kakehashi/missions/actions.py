"""Changes of missions: announced, joined, wishes and notes written, the schedule computed and moved by hand.

Each is a record of the node that says it, given at once under the mission's agreement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, NotAllowed, NotFound
from kakehashi.missions import bodies, planning, queries, seating
from kakehashi.missions.bodies import Held, Key, Participant
from kakehashi.missions.models import Computation
from kakehashi.missions.queries import Mission
from kakehashi.missions.schedule import Schedule
from kakehashi.records import actions as records
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record
from kakehashi.signing.commit import stamp

Facts = Mapping[str, Any]


@transaction.atomic
def announce(
    *, viewer: Viewer, facts: Facts, lineage: str, now: datetime, record_id: UUID | None = None
) -> Record:
    """A new mission of this node, or (`record_id`) its programme in new words. NotAllowed, InvalidInput."""
    if not viewer.is_staff:
        raise NotAllowed("missions.announce")
    if not lineage:
        raise Conflict("no-agreement")
    body = {"kind": "mission", "says": "programme", **facts}
    record = records.say(viewer=viewer, body=body, record_id=record_id, lineage=lineage, now=now)
    note(at=now, actor=viewer.actor, action="missions.announce", object=str(record.id))
    return record


@transaction.atomic
def take_part(
    *, viewer: Viewer, mission: Mission, organisation: Facts, facts: Facts, now: datetime
) -> Record:
    """Enter an own organisation, or change its languages and times; wishes and notes stay. NotAllowed."""
    known = mission.by_company.get((organisation["origin"], organisation["id"]))
    body = dict(mission.readings[known.record].body) if known else {}
    kept = {name: body[name] for name in ("wishes", "notes") if name in body}
    return _part(viewer, mission, organisation, {**facts, **kept}, known, now)


@transaction.atomic
def write(
    *, viewer: Viewer, mission: Mission, one: Participant, now: datetime, **rows: Sequence[Facts]
) -> Record:
    """New `wishes`, `notes` or other members of an own participant's part. NotAllowed."""
    body = mission.readings[one.record].body
    facts = {name: value for name, value in body.items() if name not in ("kind", "revision", "says", "about")}
    return _part(viewer, mission, body["organisation"], {**facts, **rows}, one, now)


@transaction.atomic
def leave(*, viewer: Viewer, mission: Mission, one: Participant, now: datetime) -> None:
    """Take an own participant out again; the partner's copy goes with it."""
    if not mission.may_edit(viewer, one):
        raise NotAllowed("missions.leave")
    records.move(viewer=viewer, record_id=UUID(one.record[1]), to=State.WITHDRAWN, now=now)
    note(at=now, actor=viewer.actor, action="missions.leave", object=one.record[1])


@transaction.atomic
def ask(*, viewer: Viewer, mission: Mission, now: datetime) -> None:
    """Have the schedule computed by the worker; asked twice it is computed once. NotAllowed, Conflict."""
    _must_plan(viewer, mission)
    if not mission.programme.tables:
        raise Conflict("no-tables")
    values = {"asked_at": now, "asked_by": viewer.actor, "ended_at": None, "failed": False}
    figures = {"seconds": 0, "value": 0, "bound": 0}
    Computation.objects.update_or_create(mission=mission.programme.key[1], defaults={**values, **figures})
    note(at=now, actor=viewer.actor, action="missions.ask", object=mission.programme.key[1])


@transaction.atomic
def progress(*, mission: UUID, seconds: int, value: int, bound: int) -> None:
    """How far the computation is; from the worker, at most once a second."""
    rows = Computation.objects.filter(mission=mission, ended_at__isnull=True)
    rows.update(seconds=seconds, value=value, bound=bound)


@transaction.atomic
def computed(*, viewer: Viewer, mission: Mission, made: Schedule, seconds: int, now: datetime) -> None:
    """Publish what the worker computed; both nodes read the same record."""
    kept = mission.planned.talks if mission.planned else ()
    talks = planning.held(mission.programme, made.talks, kept)
    _publish(viewer, mission, talks, made.value, made.bound, now)
    Computation.objects.filter(mission=mission.programme.key[1]).update(
        ended_at=now, seconds=seconds, value=made.value, bound=made.bound
    )


@transaction.atomic
def failed(*, mission: UUID, now: datetime) -> None:
    """The computation did not come to an end; the page says so, and it can be asked for again."""
    Computation.objects.filter(mission=mission).update(ended_at=now, failed=True)


@transaction.atomic
def put(
    *,
    viewer: Viewer,
    mission: Mission,
    pair: tuple[Key, Key],
    start: datetime,
    table: str = "",
    now: datetime,
) -> Held:
    """Put a talk at a time by hand, new or moved there; from now on it stays. NotAllowed, NotFound."""
    _must_plan(viewer, mission)
    slot = next((n for n, each in enumerate(mission.programme.slots) if each.start == start), None)
    if slot is None or any(company not in mission.by_company for company in pair):
        raise NotFound("talk")
    talks = mission.planned.talks if mission.planned else ()
    pair = mission.ordered(*pair) or pair
    names = (planning.name(pair[0]), planning.name(pair[1]))
    there = seating.place(mission.task, planning.talks(mission.programme, talks), names, slot, table)
    talk = Held(*pair, start, there.table, there.interpreter, fixed=True)
    rearrange(viewer=viewer, mission=mission, talks=[*_without(talks, pair), talk], now=now)
    return talk


@transaction.atomic
def free(*, viewer: Viewer, mission: Mission, pair: tuple[Key, Key], now: datetime) -> None:
    """Let the next computation move a talk that was fixed."""
    talks = mission.planned.talks if mission.planned else ()
    loose = [replace(talk, fixed=False) if talk.pair == pair else talk for talk in talks]
    rearrange(viewer=viewer, mission=mission, talks=loose, now=now)


@transaction.atomic
def drop(*, viewer: Viewer, mission: Mission, pair: tuple[Key, Key], now: datetime) -> None:
    """Take a talk out of the schedule."""
    talks = mission.planned.talks if mission.planned else ()
    rearrange(viewer=viewer, mission=mission, talks=_without(talks, pair), now=now)


@transaction.atomic
def rearrange(*, viewer: Viewer, mission: Mission, talks: Iterable[Held], now: datetime) -> None:
    """Publish a schedule that a person made or changed; its worth is reckoned anew, the bound stays.

    NotAllowed; Conflict while one is being computed, which would overwrite it.
    """
    _must_plan(viewer, mission)
    if Computation.objects.filter(mission=mission.programme.key[1], ended_at__isnull=True).exists():
        raise Conflict("being-computed")
    every = sorted(talks, key=lambda talk: (talk.start, talk.table, talk.pair))
    worth = queries.worth(mission, every)
    bound = max(worth, mission.planned.bound if mission.planned else 0)
    _publish(viewer, mission, every, worth, bound, now)


def _part(
    viewer: Viewer,
    mission: Mission,
    organisation: Facts,
    facts: Facts,
    known: Participant | None,
    now: datetime,
) -> Record:
    if organisation["origin"] != this.node().name or not viewer.may_edit(UUID(organisation["id"])):
        raise NotAllowed("missions.take-part")
    body = {"says": "participation", "organisation": dict(organisation), **facts}
    record_id = UUID(known.record[1]) if known else uuid4()
    record = _say(viewer, mission, body, record_id, now)
    note(at=now, actor=viewer.actor, action="missions.participation", object=str(record.id))
    return record


def _publish(
    viewer: Viewer, mission: Mission, talks: Iterable[Held], value: int, bound: int, now: datetime
) -> None:
    body = {
        "says": "schedule",
        "organisation": mission.reading.body["organisation"],
        "talks": [bodies.talk_row(talk) for talk in talks],
        "value": value,
        "bound": bound,
        "at": stamp(now),
    }
    record_id = UUID(mission.planned.record[1]) if mission.planned else uuid4()
    _say(viewer, mission, body, record_id, now)
    note(
        at=now,
        actor=viewer.actor,
        action="missions.schedule",
        object=str(record_id),
        talks=len(body["talks"]),
    )


def _say(viewer: Viewer, mission: Mission, body: Facts, record_id: UUID, now: datetime) -> Record:
    origin, id = mission.programme.key
    full = {"lang": this.node().language, **body, "kind": "mission", "about": {"origin": origin, "id": id}}
    lineage = queries.lineage(viewer, mission, now)
    if not lineage:
        raise Conflict("no-agreement")
    return records.say(viewer=viewer, body=full, record_id=record_id, lineage=lineage, now=now)


def _must_plan(viewer: Viewer, mission: Mission) -> None:
    if not mission.may_plan or not viewer.is_staff:
        raise NotAllowed("missions.plan")


def _without(talks: Iterable[Held], pair: tuple[Key, Key]) -> list[Held]:
    return [talk for talk in talks if talk.pair != pair]
