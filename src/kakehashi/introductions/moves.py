"""Who may take which step: the side of an introduction that somebody stands on, and what is left to do."""

from enum import StrEnum
from typing import Literal, TypeAlias

from kakehashi.introductions.derive import State
from kakehashi.introductions.events import Event
from kakehashi.introductions.steps import FINAL, MILESTONES, Status

Part: TypeAlias = Literal["asker", "asker_cluster", "owner", "owner_cluster"]


class Move(StrEnum):
    """One thing that somebody may do."""

    CHECK = "check"
    RETURN = "return"
    ASK_AGAIN = "ask_again"
    HAND_ON = "hand_on"
    ACCEPT = "accept"
    DECLINE = "decline"
    MEETING = "meeting"
    CDA = "cda"
    NEGOTIATION = "negotiation"
    RESCHEDULE = "reschedule"
    CALL_OFF = "call_off"
    OUTCOME = "outcome"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"


_FURTHER = {Status.ACCEPTED, *MILESTONES}
_ASKER: dict[Status, tuple[Move, ...]] = {Status.RETURNED: (Move.ASK_AGAIN,)}
_OWNER: dict[Status, tuple[Move, ...]] = {Status.OFFERED: (Move.ACCEPT, Move.DECLINE)}
_ASKER_CLUSTER = {**_ASKER, Status.REQUESTED: (Move.CHECK, Move.RETURN)}
_OWNER_CLUSTER = {**_OWNER, Status.CHECKED: (Move.HAND_ON, Move.ACCEPT, Move.DECLINE)}
_OF: dict[Part, dict[Status, tuple[Move, ...]]] = {
    "asker": _ASKER,
    "asker_cluster": _ASKER_CLUSTER,
    "owner": _OWNER,
    "owner_cluster": _OWNER_CLUSTER,
}


def moves(state: State, part: Part) -> tuple[Move, ...]:
    """What `part` may do now, the next step first; a cluster may do all that its organisation may."""
    if state.status in FINAL:
        return ()
    asks = part.startswith("asker")
    found = list(_OF[part].get(state.status, ()))
    if state.status is Status.OUTCOME and state.acts_node == (state.asker if asks else state.owner):
        found += [Move.CONFIRM, Move.DISPUTE]
    if state.status in _FURTHER:
        found += [Move(milestone.value) for milestone in _left(state)]
        found += [Move.RESCHEDULE, Move.CALL_OFF] if arranged(state, part) else []
    if state.status in {*_FURTHER, Status.OUTCOME}:
        found.append(Move.OUTCOME)
    if asks:
        found.append(Move.WITHDRAW)
    elif state.status in _FURTHER:
        found.append(Move.DECLINE)
    return tuple(found)


def arranged(state: State, part: Part) -> list[Event]:
    """The meetings that this side has arranged and not called off: whoever invites moves them (RFC 5546)."""
    here = state.asker if part.startswith("asker") else state.owner
    return [event for event in state.meetings if event.node == here and event.says == Status.MEETING]


def moved(event: Event) -> bool:
    """Is it a meeting at another time or place than it was arranged for?"""
    return event.says == Status.MEETING and event.revision > 1


def waits_for(state: State, part: Part, urgency: str) -> Literal["me", "them", "closed"]:
    """Its head on the board: a cluster is called when its own step is due, or when nobody has acted."""
    if state.closed:
        return "closed"
    cluster = part.endswith("_cluster")
    here = state.asker if part.startswith("asker") else state.owner
    if cluster and state.acts != part:
        called = urgency == "escalate" and state.acts_node in ("", here)
        return "me" if called else "them"
    mine = state.acts in (part, "both") or (state.acts == "other" and state.acts_node == here)
    return "me" if mine else "them"


def _left(state: State) -> list[Status]:
    """The milestones that have not been reached, the next first; then meetings, which may be held again."""
    reached = MILESTONES.index(state.status) if state.status in MILESTONES else -1
    again = [Status.MEETING] if reached >= 0 else []
    return [*MILESTONES[reached + 1 :], *again]
