"""The state of an introduction, derived from the two nodes' logs alone: `derive(interest, events, now)`.

Both nodes hold the same records sooner or later, so both come to the same state. Nothing is stored, nothing
depends on the order in which records arrived, and a record missing so far can only mean less: identities are
open exactly while the asker's interest stands, checked by its cluster, and the owner's node has accepted it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kakehashi.introductions.events import Event, Key, newest
from kakehashi.introductions.steps import (
    ASKER_SHOWN,
    CANCELLED,
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
    who takes it (for an unconfirmed outcome the node that did not report it, in `acts_node`). `outcome` is
    the record that reports the result, `withdrawn_by` a node. `over`: the agreement has ended, and nothing
    that crossed under it may be read. `history` are the events that counted, in order; `meetings` all that
    were arranged, those called off too, whatever became of the introduction.
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
    outcome: Key | None = None
    disputed: bool = False
    withdrawn_by: str = ""
    over: bool = False
    history: tuple[Event, ...] = ()
    meetings: tuple[Event, ...] = ()

    @property
    def asker_shown(self) -> bool:
        """May the owner see who asks? From the moment the asker's own cluster has checked the interest."""
        return self.status in ASKER_SHOWN and not self.over

    @property
    def open(self) -> bool:
        """May both see each other? Only after both yeses, and while both stand."""
        return self.status in OPEN and not self.over

    @property
    def closed(self) -> bool:
        return self.status in FINAL


def derive(
    interest: Key,
    events: Iterable[Event],
    now: datetime,
    *,
    gone: datetime | None = None,
    ends: datetime | None = None,
) -> State | None:
    """The state of the introduction that `interest` began; None if no such interest is known.

    `gone`: when the owner's log took the record back that the interest is about. It closes what has no answer
    yet; after both yeses the two sides talk on. `ends`: when the agreement ends under which it was said.
    """
    known = newest(events)
    asked = known.get(interest)
    if asked is None or asked.kind != "interest" or asked.about[0] == asked.node:
        return None
    found = _standing(asked, list(known.values()), now, gone)
    found = replace(found, meetings=_told(asked, known.values(), {Status.MEETING, CANCELLED}))
    if ends is None or now < ends:
        return found
    if found.closed:
        return replace(found, over=True)
    ended = {"status": Status.ENDED, "since": ends, "acts": "nobody", "acts_node": "", "due": None}
    return replace(found, over=True, **ended)  # type: ignore[arg-type]  # mypy sees one type for all values


def _standing(asked: Event, known: list[Event], now: datetime, gone: datetime | None) -> State:
    if asked.withdrawn or asked.says == "withdrawn":
        return _state(asked, Status.WITHDRAWN, asked, [asked], withdrawn_by=asked.node)
    ends = asked.at + EXPIRES_AFTER
    replies = _replies(asked, known, ends) if asked.says == "checked" else []
    answer = next((reply for reply in reversed(replies) if reply.says != "passed"), None)
    if answer is not None and answer.says == "declined":
        return _state(asked, Status.DECLINED, answer, [asked, *replies], reason=answer.detail)
    if answer is not None:
        return _opened(asked, replies, known)
    if gone is not None and gone < ends:
        facts = {"since": gone, "withdrawn_by": asked.about[0]}
        return replace(_state(asked, Status.WITHDRAWN, asked, [asked, *replies]), **facts)  # type: ignore[arg-type]
    if now >= ends:
        return replace(_state(asked, Status.EXPIRED, asked, [asked, *replies]), since=ends)
    if replies:
        return _state(asked, Status.OFFERED, replies[-1], [asked, *replies])
    return _state(asked, _BEFORE_REPLIES[asked.says], asked, [asked], reason=asked.detail)


_BEFORE_REPLIES = {"asked": Status.REQUESTED, "returned": Status.RETURNED, "checked": Status.CHECKED}


def urgency(state: State, now: datetime) -> str:
    """ "", "soon", "overdue" or "escalate": silence is chased, first with who acts, then above them."""
    if state.due is None or now < state.due - NOTICE:
        return ""
    if now < state.due:
        return "soon"
    return "overdue" if now < state.due + ESCALATE_AFTER else "escalate"


def _replies(asked: Event, known: Iterable[Event], ends: datetime) -> list[Event]:
    """What the owner's node has answered in time, in order; what it has withdrawn is no answer."""
    answers = [
        event
        for event in known
        if event.kind == "reply"
        and event.about == asked.key
        and event.node == asked.about[0]
        and not event.withdrawn
        and event.at < ends
    ]
    return sorted(answers, key=lambda event: event.order)


def _opened(asked: Event, replies: list[Event], known: list[Event]) -> State:
    """After both yeses: the furthest milestone, or the outcome and whether the other side confirms it."""
    reply = [each for each in replies if each.says == "accepted"][-1]
    results, steps = _told(asked, known, set(Result)), _told(asked, known, set(MILESTONES))
    called_off = _told(asked, known, {CANCELLED})
    history = [asked, *replies, *steps, *called_off]
    if results:
        return _ended(asked, results, known, history)
    if steps:
        furthest = max(steps, key=lambda event: (MILESTONES.index(Status(event.says)), event.order))
        return _state(asked, Status(furthest.says), furthest, history)
    last = max(reply, *called_off, key=lambda event: event.order) if called_off else reply
    return _state(asked, Status.ACCEPTED, last, history)  # the time for a first meeting begins anew


def _told(asked: Event, known: Iterable[Event], says: Collection[str]) -> tuple[Event, ...]:
    """What the two sides report of these, in order."""
    parties = {asked.node, asked.about[0]}
    found = (
        event
        for event in known
        if event.kind == "outcome"
        and event.about == asked.key
        and event.says in says
        and event.node in parties
        and not event.withdrawn
    )
    return tuple(sorted(found, key=lambda event: event.order))


def _ended(asked: Event, results: Sequence[Event], known: list[Event], history: list[Event]) -> State:
    """The latest outcome that both agree on, else the latest that one side reports."""
    judged = [(result, _verdict(asked, result, known)) for result in results]
    agreed = [(result, verdict) for result, verdict in judged if verdict and verdict.says == "confirmed"]
    result, verdict = agreed[-1] if agreed else judged[-1]
    history = [*history, *results, *([verdict] if verdict else [])]
    closed = bool(agreed) or (result.says == Result.NONE and verdict is None)
    status = Status.CONFIRMED if closed else Status.OUTCOME
    disputed = verdict is not None and verdict.says == "disputed"
    last = verdict or result
    return _state(asked, status, last, history, told=result, disputed=disputed)


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
    reason: str = "",
    told: Event | None = None,
    disputed: bool = False,
    withdrawn_by: str = "",
) -> State:
    owner, step = asked.about[0], NEXT.get(status)
    other = owner if told and told.node == asked.node else asked.node
    nodes = {"asker": asked.node, "asker_cluster": asked.node, "owner": owner, "owner_cluster": owner}
    return State(
        interest=asked.key,
        target=asked.about,
        asker=asked.node,
        owner=owner,
        status=status,
        since=by.at,
        acts=step.acts if step else "nobody",
        acts_node={**nodes, "other": other}.get(step.acts, "") if step else "",
        due=by.at + step.within if step else None,
        reason=reason,
        result=told.says if told else "",
        outcome=told.key if told else None,
        disputed=disputed,
        withdrawn_by=withdrawn_by,
        history=tuple(sorted(history, key=lambda event: event.order)),
    )
