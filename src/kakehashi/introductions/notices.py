"""Which mails are due: what waits for somebody, what has become late, how it ended. Nothing is sent here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from kakehashi.introductions.derive import State, urgency
from kakehashi.introductions.steps import NEXT, Status

To: TypeAlias = Literal["managers", "asker", "owner"]
NEWS = {Status.ACCEPTED, Status.CONFIRMED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED, Status.ENDED}


@dataclass(frozen=True)
class Due:
    """One mail: `about` is its name, so that nobody gets it twice; `kind` chooses the words.

    `meeting`: the record of the invitation that it brings.
    """

    about: str
    kind: Literal["waits", "overdue", "escalate", "news", "meeting", "translate", "translated"]
    to: To
    meeting: UUID | None = None


def due(state: State, here: str, now: datetime) -> list[Due]:
    """What the people of the node `here` are to be told now of one introduction.

    Who acts next is told at once, again when the day has passed, and above them a week later; the
    organisation of this side is told of a yes, a no and every end, and invited to each meeting.
    """
    side: To = "asker" if here == state.asker else "owner"
    name = f"{state.interest[0]}/{state.interest[1]}/{state.status}/{state.since:%Y-%m-%dT%H:%M:%SZ}"
    found = _invitations(state, side)
    if acts := _acts(state, here, side):
        if state.status is not Status.MEETING:  # the invitation has said what comes after it
            found.append(Due(f"{name}/waits", "waits", acts))
        late = urgency(state, now)
        if late in ("overdue", "escalate"):
            found.append(Due(f"{name}/overdue", "overdue", acts))
        if late == "escalate":
            found.append(Due(f"{name}/escalate", "escalate", "managers"))
    elif state.status in NEXT and urgency(state, now) == "escalate":
        found.append(Due(f"{name}/escalate", "escalate", "managers"))  # the other side is silent: ours calls
    if state.status in NEWS and (side == "asker" or _heard(state)):
        found.append(Due(f"{name}/news", "news", side))
    return found


def _invitations(state: State, side: To) -> list[Due]:
    """Each meeting comes as an invitation to the people of both sides, however far they are by then."""
    said = [event for event in state.history if event.says == Status.MEETING and state.open]
    return [
        Due(f"{event.node}/{event.id}/{event.revision}", "meeting", side, UUID(event.id)) for event in said
    ]


def wording_due(about: str, *, asks: bool, written: bool) -> Due:
    """A translation that is asked for, told to those who write it; one that is there, to those who asked."""
    if written:
        return Due(f"{about}/translated", "translated", "asker" if asks else "owner")
    return Due(f"{about}/translate", "translate", "managers")


def _acts(state: State, here: str, side: To) -> To | None:
    """Whether somebody here acts next, and who."""
    if state.acts in ("asker_cluster", "owner_cluster"):
        return "managers" if state.acts_node == here else None
    if state.acts == "both" or (state.acts_node == here and state.acts in ("asker", "owner", "other")):
        return side
    return None


def _heard(state: State) -> bool:
    """Has the owner been told of the question at all?"""
    return any(event.kind == "reply" for event in state.history)
