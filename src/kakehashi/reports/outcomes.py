"""What came of it: introductions by stage, outcomes confirmed by both, missions, practices taken over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.introductions import queries as introductions
from kakehashi.introductions.queries import Figures, Introduction
from kakehashi.introductions.steps import Result
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

    @property
    def first_day(self) -> date:
        """The day where it is held."""
        return self.programme.days[0].start.astimezone(self.programme.zone).date()


@dataclass(frozen=True)
class Outcomes:
    """What came of it in one period. `taken_over`: practices, by organisations of the other side."""

    figures: Figures
    missions: list[Held]
    taken_over: list[tuple[Reading, Saying]]

    @property
    def any(self) -> bool:
        """Did anything happen between a question and its end?"""
        found = self.figures
        return bool(self.begun or found.confirmed or any(found.closed.values()))

    @property
    def begun(self) -> int:
        return max(stage.reached for stage in self.figures.stages)

    @property
    def results(self) -> list[tuple[str, tuple[Key, ...]]]:
        """Each kind of result with the introductions in which both sides confirmed it."""
        confirmed = self.figures.confirmed
        return [
            (result.value, tuple(each.interest for each in confirmed if each.result == result))
            for result in Result
            if result is not Result.NONE
        ]

    @property
    def behind(self) -> dict[str, tuple[Key, ...]]:
        """The introductions behind each number, by the stage, the result or the end that it counts."""
        stages = {stage.status.value: stage.keys for stage in self.figures.stages}
        closed = {status.value: keys for status, keys in self.figures.closed.items()}
        return {**stages, **closed, **dict(self.results)}

    @property
    def participations(self) -> list[Key]:
        """The organisations that took part in missions, once for each of them."""
        return [key for held in self.missions for key in (*held.left, *held.right)]


def outcomes(
    viewer: Viewer, nodes: tuple[str, str], lineages: Collection[str], period: Period, now: datetime
) -> Outcomes:
    """All that came of one bridge in the period, as far as `viewer` may know of it."""
    return Outcomes(
        figures=introductions.figures(viewer, period.since, period.until, now, lineages),
        missions=_missions(viewer, nodes, period, now),
        taken_over=[
            (reading, saying)
            for reading, saying in practices.adoptions(viewer, now)
            if period.holds(saying.at) and {reading.origin, saying.key[0]} == set(nodes)
        ],
    )


def told(viewer: Viewer, keys: Iterable[Key], now: datetime) -> list[tuple[Key, Introduction | None]]:
    """The introductions behind a number; without content where `viewer` has no part."""
    own = {each.key: each for each in introductions.every(viewer, now)}
    return [(key, own.get(key)) for key in keys]


def _missions(viewer: Viewer, nodes: tuple[str, str], period: Period, now: datetime) -> list[Held]:
    found = []
    for programme in missions.missions(viewer, now):
        if programme.key[0] in nodes and period.holds(programme.days[0].start):
            of = missions.mission(viewer, programme.key[0], UUID(programme.key[1]), now)
            companies = [one.company for one in of.participants]
            left, right = ([key for key in companies if key[0] == node] for node in nodes)
            found.append(Held(programme, left, right))
    return found
