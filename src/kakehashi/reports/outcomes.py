"""What came of it: introductions by stage, outcomes confirmed by both, missions, practices taken over."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.introductions import queries as introductions
from kakehashi.introductions.queries import Introduction, Outcome, Stage
from kakehashi.introductions.steps import Result, Status
from kakehashi.missions import queries as missions
from kakehashi.missions.bodies import Key, Programme
from kakehashi.practices import queries as practices
from kakehashi.practices.thread import Saying
from kakehashi.records.models import Reading
from kakehashi.reports.period import Period


@dataclass(frozen=True)
class Held:
    """One mission that began in the period, with its participants from each side."""

    programme: Programme
    left: list[Key]
    right: list[Key]


@dataclass(frozen=True)
class Outcomes:
    """What came of it in one period. `closed`: ended without an outcome; `taken_over`: by another side."""

    stages: list[Stage]
    closed: dict[Status, int]
    confirmed: list[Outcome]
    missions: list[Held]
    taken_over: list[tuple[Reading, Saying]]

    @property
    def begun(self) -> int:
        return max(stage.reached for stage in self.stages)

    @property
    def results(self) -> list[tuple[str, int]]:
        """Each kind of result with the number of those that both sides confirmed."""
        counts = Counter(each.result for each in self.confirmed)
        return [(result.value, counts[result.value]) for result in Result if result is not Result.NONE]

    @property
    def participants(self) -> set[Key]:
        """The organisations that took part in missions."""
        return {key for held in self.missions for key in (*held.left, *held.right)}


def outcomes(
    viewer: Viewer, nodes: tuple[str, str], lineages: Collection[str], period: Period, now: datetime
) -> Outcomes:
    """All that came of one bridge in the period, as far as `viewer` may know of it."""
    span = (period.since, period.until, now, lineages)
    return Outcomes(
        stages=introductions.stages(viewer, *span),
        closed=introductions.closed(viewer, *span),
        confirmed=introductions.confirmed(viewer, *span),
        missions=_missions(viewer, nodes, period, now),
        taken_over=[
            (reading, saying)
            for reading, saying in practices.adoptions(viewer, now)
            if period.holds(saying.at) and {reading.origin, saying.key[0]} == set(nodes)
        ],
    )


def behind(viewer: Viewer, stage: Stage, now: datetime) -> list[tuple[Key, Introduction | None]]:
    """The introductions behind a stage's number; without content where `viewer` has no part."""
    own = {each.key: each for each in introductions.every(viewer, now)}
    return [(key, own.get(key)) for key in stage.keys]


def _missions(viewer: Viewer, nodes: tuple[str, str], period: Period, now: datetime) -> list[Held]:
    found = []
    for programme in missions.missions(viewer, now):
        if programme.key[0] in nodes and period.holds(programme.days[0].start):
            of = missions.mission(viewer, programme.key[0], UUID(programme.key[1]), now)
            companies = [one.company for one in of.participants]
            left, right = ([key for key in companies if key[0] == node] for node in nodes)
            found.append(Held(programme, left, right))
    return found
