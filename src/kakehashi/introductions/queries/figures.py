"""What reports count: introductions by stage with median times, outcomes that both sides confirmed.

Only what both nodes know is counted, from the moment an interest crossed, so that both count the same.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.introductions.events import Event, Key
from kakehashi.introductions.queries.loading import Introduction, every
from kakehashi.introductions.steps import MILESTONES, OPEN, Result, Status

STAGES = (Status.CHECKED, Status.OFFERED, Status.ACCEPTED, *MILESTONES, Status.OUTCOME, Status.CONFIRMED)

WITHOUT = (Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED, Status.ENDED)  # an outcome


@dataclass(frozen=True)
class Stage:
    """How many introductions that crossed in a period reached a stage, and how long that took.

    `median` is the time from the crossing to the first event of the stage, None if nobody reached it. `keys`
    are the interests behind the number.
    """

    status: Status
    reached: int
    median: timedelta | None
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Outcome:
    """One result that both sides confirmed: `at` is the confirmation."""

    interest: Key
    outcome: Key
    result: str
    at: datetime
    clause: str


@dataclass(frozen=True)
class Figures:
    """All numbers of one period, each with the keys of the interests behind it.

    `closed`: how introductions ended in the period without an outcome. `confirmed`: the results that both
    sides confirmed in it, oldest first; an end without result is none.
    """

    stages: list[Stage]
    closed: dict[Status, tuple[Key, ...]]
    confirmed: list[Outcome]


def figures(
    viewer: Viewer, since: datetime, until: datetime, now: datetime, lineages: Collection[str] | None = None
) -> Figures:
    """What came from `since` to before `until` under these agreements.

    A stage counts the interests that crossed in the period. Counts hold no names: whoever may read the
    report may have them.
    """
    known = _under(lineages, now)
    begun = [each for each in known if _within(_crossed(each), since, until)]
    return Figures(
        stages=[_stage(status, begun) for status in STAGES],
        closed={status: _closed(status, known, since, until) for status in WITHOUT},
        confirmed=_confirmed(known, since, until),
    )


def _closed(
    status: Status, known: Iterable[Introduction], since: datetime, until: datetime
) -> tuple[Key, ...]:
    found = [
        each.key
        for each in known
        if each.state.status is status and _crossed(each) and _within(each.state.since, since, until)
    ]
    return tuple(sorted(found))


def _confirmed(known: Iterable[Introduction], since: datetime, until: datetime) -> list[Outcome]:
    found = [
        Outcome(each.key, each.state.outcome, each.state.result, each.state.since, each.clause)
        for each in known
        if each.state.status is Status.CONFIRMED
        and each.state.outcome
        and each.state.result != Result.NONE
        and _within(each.state.since, since, until)
    ]
    return sorted(found, key=lambda each: (each.at, each.interest))


def _under(lineages: Collection[str] | None, now: datetime) -> list[Introduction]:
    return [each for each in every(WORKER, now) if lineages is None or each.lineage in lineages]


def _stage(status: Status, begun: Iterable[Introduction]) -> Stage:
    spans = {}
    for each in begun:
        reached, crossed = _reached(each, status), _crossed(each)
        if reached and crossed:
            spans[each.key] = reached - crossed
    middle = timedelta(seconds=median(s.total_seconds() for s in spans.values())) if spans else None
    return Stage(status, len(spans), middle, tuple(sorted(spans)))


def _crossed(each: Introduction) -> datetime | None:
    return next((event.at for event in each.state.history if event.says == "checked"), None)


def _reached(each: Introduction, status: Status) -> datetime | None:
    """When the introduction first stood there, or further: who skips a stage has reached it too."""
    if status is Status.CONFIRMED:
        return each.state.since if each.state.status is Status.CONFIRMED else None
    said = _SAID[status]
    at = [event.at for event in each.state.history if _says(event, said)]
    return min(at, default=None) if status not in OPEN or Status.ACCEPTED in _yes(each) else None


_LATER = (*MILESTONES, *Result)
_SAID: dict[Status, tuple[str, ...]] = {
    Status.CHECKED: ("checked",),
    Status.OFFERED: ("passed", "accepted", "declined"),
    Status.ACCEPTED: ("accepted",),
    Status.MEETING: _LATER,
    Status.CDA: _LATER[1:],
    Status.NEGOTIATION: _LATER[2:],
    Status.OUTCOME: tuple(Result),
}


def _says(event: Event, said: tuple[str, ...]) -> bool:
    return event.says in said


def _yes(each: Introduction) -> set[Status]:
    return {Status.ACCEPTED} if any(event.says == "accepted" for event in each.state.history) else set()


def _within(at: datetime | None, since: datetime, until: datetime) -> bool:
    return at is not None and since <= at < until
