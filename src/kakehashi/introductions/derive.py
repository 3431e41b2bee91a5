"""The state of an introduction, derived from the two nodes' logs alone: `derive(interest, events, now)`.

Both nodes hold the same records sooner or later, so both come to the same state. Nothing is stored, nothing
depends on the order in which records arrived, and a record missing so far can only mean less: identities are
open exactly while the asker's interest stands, checked by its cluster, and the owner's node has accepted it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kakehashi.introductions.events import Event, Key, newest
from kakehashi.introductions.steps import (
    ESCALATE_AFTER,
    EXPIRES_AFTER,
    FINAL,
    MILESTONES,
    NEXT,
    NOTICE,
    OPEN,
    Party,
    Result,
    Status,
)


@dataclass(frozen=True)
class State:
    """Where one introduction stands for whoever looks at `now`.

    `asker` and `owner` are nodes. `since` is when the status was reached, `due` when the next step is, `acts`
    who takes it (for an unconfirmed outcome the node that did not report it, in `acts_node`). `history` are
    the events that counted, in order.
    """

    interest: Key
    target: Key
    asker: str
    owner: str
    status: Status
    since: datetime
    acts: Party
    acts_node: str
    due: datetime | None
    reason: str = ""
    result: str = ""
    disputed: bool = False
    history: tuple[Event, ...] = ()

    @property
    def asker_shown(self) -> bool:
        """May the owner see who asks? From the moment the asker's own cluster has checked the interest."""
        return self.status is Status.OFFERED or self.open

    @property
    def open(self) -> bool:
        """May both see each other? Only after both yeses, and while both stand."""
        return self.status in OPEN


def derive(interest: Key, events: Iterable[Event], now: datetime) -> State | None:
    """The state of the introduction that `interest` began; None if no such interest is known."""
    known = newest(events)
    asked = known.get(interest)
    if asked is None or asked.kind != "interest" or asked.about[0] == asked.node:
        return None
    if asked.withdrawn:
        return _state(asked, Status.WITHDRAWN, asked, [asked])
    ends = asked.at + EXPIRES_AFTER
    if asked.says == "asked":
        return _state(asked, Status.REQUESTED if now < ends else Status.EXPIRED, asked, [asked], ends=ends)
    reply = _reply(asked, known.values(), ends)
    if reply is None:
        return _state(asked, Status.OFFERED if now < ends else Status.EXPIRED, asked, [asked], ends=ends)
    if reply.says == "declined":
        return _state(asked, Status.DECLINED, reply, [asked, reply], reason=reply.detail)
    return _opened(asked, reply, known.values())


def urgency(state: State, now: datetime) -> str:
    """ "", "soon", "overdue" or "escalate": silence is chased, first with who acts, then above them."""
    if state.due is None or now < state.due - NOTICE:
        return ""
    if now < state.due:
        return "soon"
    return "overdue" if now < state.due + ESCALATE_AFTER else "escalate"


def _reply(asked: Event, known: Iterable[Event], ends: datetime) -> Event | None:
    """The owner's latest answer, given in time; a withdrawn one is none."""
    answers = [
        event
        for event in known
        if event.kind == "reply"
        and event.about == asked.key
        and event.node == asked.about[0]
        and not event.withdrawn
        and event.at < ends
    ]
    return max(answers, key=lambda event: event.order, default=None)


def _opened(asked: Event, reply: Event, known: Iterable[Event]) -> State:
    """After both yeses: the furthest milestone, or the outcome and whether the other side confirms it."""
    parties = {asked.node, reply.node}
    known = list(known)
    told = [
        event
        for event in known
        if event.kind == "outcome"
        and event.about == asked.key
        and event.node in parties
        and not event.withdrawn
    ]
    results = sorted((e for e in told if e.says in set(Result)), key=lambda event: event.order)
    steps = sorted((e for e in told if e.says in set(MILESTONES)), key=lambda event: event.order)
    history = [asked, reply, *steps]
    if results:
        return _ended(asked, results, known, history)
    if steps:
        furthest = max(steps, key=lambda event: (MILESTONES.index(Status(event.says)), event.order))
        return _state(asked, Status(furthest.says), furthest, history)
    return _state(asked, Status.ACCEPTED, reply, history)


def _ended(asked: Event, results: list[Event], known: list[Event], history: list[Event]) -> State:
    """The latest outcome that both agree on, else the latest that one side reports."""
    judged = [(result, _verdict(asked, result, known)) for result in results]
    agreed = [(result, verdict) for result, verdict in judged if verdict and verdict.says == "confirmed"]
    result, verdict = agreed[-1] if agreed else judged[-1]
    history = [*history, *results, *([verdict] if verdict else [])]
    closed = bool(agreed) or (result.says == Result.NONE and verdict is None)
    status = Status.CONFIRMED if closed else Status.OUTCOME
    disputed = verdict is not None and verdict.says == "disputed"
    last = verdict or result
    return _state(asked, status, last, history, result=result.says, told_by=result.node, disputed=disputed)


def _verdict(asked: Event, result: Event, known: list[Event]) -> Event | None:
    """What the other side says of one outcome; nobody confirms an own one."""
    other = asked.about[0] if result.node == asked.node else asked.node
    said = [
        event
        for event in known
        if event.kind == "confirmation"
        and event.about == result.key
        and event.node == other
        and not event.withdrawn
        and event.detail == result.says
    ]
    return max(said, key=lambda event: event.order, default=None)


def _state(
    asked: Event,
    status: Status,
    by: Event,
    history: list[Event],
    *,
    ends: datetime | None = None,
    reason: str = "",
    result: str = "",
    told_by: str = "",
    disputed: bool = False,
) -> State:
    owner = asked.about[0]
    step = NEXT.get(status)
    other = owner if told_by == asked.node else asked.node
    due = by.at + step.within if step and status not in FINAL else None
    return State(
        interest=asked.key,
        target=asked.about,
        asker=asked.node,
        owner=owner,
        status=status,
        since=ends if status is Status.EXPIRED and ends else by.at,
        acts=step.acts if step else "nobody",
        acts_node={"asker_cluster": asked.node, "owner": owner, "other": other}.get(step.acts, "")
        if step
        else "",
        due=due,
        reason=reason,
        result=result,
        disputed=disputed,
        history=tuple(sorted(history, key=lambda event: event.order)),
    )
