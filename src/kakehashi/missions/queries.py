"""Reads of missions; members see the programme, who takes part, and what concerns their own organisation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.terms import Standing
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.matching import queries as matching
from kakehashi.matching.models import Match
from kakehashi.missions import bodies, planning
from kakehashi.missions.bodies import Held, Key, Participant, Planned, Programme
from kakehashi.missions.models import Computation
from kakehashi.missions.schedule import Conflict, Task, conflicts, value
from kakehashi.records import queries as records
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading

SUGGESTED = 12


@dataclass(frozen=True)
class Mission:
    """A mission as one viewer sees it. `readings` are its records by key, `company` the viewer's own part."""

    programme: Programme
    participants: tuple[Participant, ...]
    planned: Planned | None
    readings: Mapping[Key, Reading]
    company: Key | None
    is_staff: bool

    @property
    def reading(self) -> Reading:
        return self.readings[self.programme.key]

    @property
    def is_host(self) -> bool:
        """True on the node that announced it: there the schedule is computed."""
        return self.programme.key[0] == this.node().name

    @property
    def may_plan(self) -> bool:
        return self.is_host and self.is_staff

    @cached_property
    def by_company(self) -> dict[Key, Participant]:
        return {one.company: one for one in self.participants}

    @property
    def talks(self) -> tuple[Held, ...]:
        """The talks that the viewer may know of."""
        every = self.planned.talks if self.planned else ()
        return every if self.is_staff else tuple(talk for talk in every if self.company in talk.pair)

    @cached_property
    def task(self) -> Task:
        fixed = [talk for talk in self.planned.talks if talk.fixed] if self.planned else []
        return planning.task(self.programme, self.participants, fixed)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """What stands against the schedule as it is; to be asked for the team only, who sees all of it."""
        talks = self.planned.talks if self.planned else ()
        return conflicts(self.task, planning.talks(self.programme, talks))

    def may_edit(self, viewer: Viewer, one: Participant) -> bool:
        """A participant's part is written on its own node, by its members and the team there."""
        return one.company[0] == this.node().name and viewer.may_edit(UUID(one.company[1]))

    def others(self, one: Participant) -> list[Participant]:
        """Whom a participant may want to meet: those of the other sides."""
        return [other for other in self.participants if other.company[0] != one.company[0]]

    def ordered(self, one: Key, other: Key) -> tuple[Key, Key] | None:
        """Two participants as a pair, the host's side first; None for two of one side."""
        pair = self.task.pair(planning.name(one), planning.name(other))
        return (planning.key(pair[0]), planning.key(pair[1])) if pair else None

    def talks_of(self, company: Key) -> list[Held]:
        return [talk for talk in self.talks if company in talk.pair]


def may_see(viewer: Viewer) -> None:
    """Missions are for the two clusters and their members; NotAllowed for others."""
    if not viewer.is_member:
        raise NotAllowed("missions")


def missions(viewer: Viewer, now: datetime) -> list[Programme]:
    """All programmes that `viewer` may see, the next one first, then those that are over, the last first."""
    if not viewer.is_member:
        return []
    rows = _shown(viewer, now).filter(body__says="programme")
    found = [one for row in rows if (one := bodies.programme(_key(row), row.body))]
    ahead = sorted((one for one in found if one.ends >= now), key=lambda one: (one.ends, one.key))
    return ahead + sorted(
        (one for one in found if one.ends < now), key=lambda o: (o.ends, o.key), reverse=True
    )


def mission(viewer: Viewer, origin: str, record: UUID, now: datetime) -> Mission:
    """One mission with all its records, as far as they concern the viewer; NotFound."""
    may_see(viewer)
    rows = list(_shown(viewer, now).filter(body__about__id=str(record), body__about__origin=origin))
    head = _shown(viewer, now).filter(origin=origin, record=record).first()
    programme = bodies.programme(_key(head), head.body) if head else None
    if head is None or programme is None:
        raise NotFound(f"mission {origin}/{record}")
    parts = [(_key(row), row.body) for row in rows]
    company = (this.node().name, str(viewer.organisation)) if viewer.organisation else None
    participants = bodies.participants(programme.key, parts)
    return Mission(
        programme=programme,
        participants=participants if viewer.is_staff else bodies.narrowed(participants, company),
        planned=bodies.planned(programme.key, parts),
        readings={_key(row): row for row in [head, *rows]},
        company=company,
        is_staff=viewer.is_staff,
    )


def participant(viewer: Viewer, of: Mission, origin: str, record: UUID) -> Participant:
    """A participant whose sheet `viewer` may see: any for the team, else the own one; NotFound."""
    found = of.by_company.get((origin, str(record)))
    if found is None or not (viewer.is_staff or found.company == of.company):
        raise NotFound(f"participant {origin}/{record}")
    return found


def editable(viewer: Viewer, of: Mission, origin: str, record: UUID) -> Participant:
    """The same for somebody who may write it; NotFound."""
    found = participant(viewer, of, origin, record)
    if not of.may_edit(viewer, found):
        raise NotFound(f"participant {origin}/{record}")
    return found


def computation(viewer: Viewer, of: Mission) -> Computation | None:
    """The last computation of its schedule, for those who may start one."""
    if not of.may_plan or not viewer.is_staff:
        return None
    return Computation.objects.filter(mission=of.programme.key[1]).first()


def due() -> list[UUID]:
    """Missions whose schedule is to be computed, the one that waits longest first; for the worker."""
    rows = Computation.objects.filter(ended_at__isnull=True).order_by("asked_at")
    return list(rows.values_list("mission", flat=True))


def lineage(viewer: Viewer, of: Mission, now: datetime) -> str:
    """The agreement under which a mission's records are given: that of the programme, if it still runs."""
    running = [standing["lineage"] for standing in choices(viewer, now)]
    crossed = [row.agreement for row in records.passages(viewer, of.reading)]
    return next((one for one in crossed if one in running), running[0] if running else "")


def choices(viewer: Viewer, now: datetime) -> list[Standing]:
    """The agreements under which a mission can be held."""
    return [each for each in agreements.running(viewer, now) if not each["suspended"]]


def organisations(viewer: Viewer, now: datetime) -> list[Reading]:
    """The own organisations that `viewer` may enter as participants or hosts."""
    rows = records.organisations(viewer, now).filter(own=True)
    return [row for row in rows if viewer.may_edit(row.record)]


def suggestions(viewer: Viewer, of: Mission, one: Participant, now: datetime) -> dict[Key, Match]:
    """The best match with each organisation of the other side, best first."""
    others = {other.company for other in of.others(one)}
    rows = matching.matches(viewer, now).filter(
        own__owner=one.company[1], other__owner__in=[record for _, record in others]
    )
    found: dict[Key, Match] = {}
    for row in rows[: SUGGESTED * 4]:
        company = (row.other.origin, str(row.other.owner))
        if company in others and len(found) < SUGGESTED:
            found.setdefault(company, row)
    return found


def names(viewer: Viewer, of: Mission, now: datetime) -> dict[Key, Reading]:
    """The entries of host and participants, as far as `viewer` may open them."""
    every = [of.programme.host, *(one.company for one in of.participants)]
    found = records.by_id(viewer, now, [UUID(record) for _, record in every])
    return {(row.origin, str(row.record)): row for row in found.values()}


def worth(of: Mission, talks: Iterable[Held]) -> int:
    """What talks fulfil of the wishes, in the points of `schedule.value`."""
    return value(of.task, planning.talks(of.programme, talks))


def _shown(viewer: Viewer, now: datetime) -> QuerySet[Reading]:
    return records.conversation(viewer, now).filter(kind="mission", state=State.PUBLISHED)


def _key(row: Reading) -> Key:
    return row.origin, str(row.record)
