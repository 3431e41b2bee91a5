"""Which mails are due: what waits for somebody, what has become late, how it ended. Nothing is sent here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from kakehashi.introductions.derive import State, urgency
from kakehashi.introductions.moves import moved
from kakehashi.introductions.steps import CANCELLED, NEXT, Status

To: TypeAlias = Literal["managers", "asker", "owner"]
Kind: TypeAlias = Literal[
    "waits", "overdue", "escalate", "news", "meeting", "moved", "cancelled", "translate", "translated"
]
NEWS = {Status.ACCEPTED, Status.CONFIRMED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED, Status.ENDED}


@dataclass(frozen=True)
class Due:
    """One mail: `about` is its name, so that nobody gets it twice; `kind` chooses the words.

    `meeting`: the record of the invitation that it brings. `after`: what the names of the mails begin with of
    which one must have gone out before: nobody hears that falls through what they never heard of.
    """

    about: str
    kind: Kind
    to: To
    meeting: UUID | None = None
    after: str = ""


def due(state: State, here: str, now: datetime) -> list[Due]:
    """What the people of the node `here` are to be told now of one introduction.

    Who acts next is told at once, again when the day has passed, and above them a week later; the
    organisation of this side is told of a yes, a no and every end, and invited to each meeting.
    """
    side: To = "asker" if here == state.asker else "owner"
    name = f"{state.interest[0]}/{state.interest[1]}/{state.status}/{state.since:%Y-%m-%dT%H:%M:%SZ}"
    found = _invitations(state, side)
    if acts := _acts(state, here, side):
        if not _said_by_calendar(state):
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
    """Each meeting comes as an invitation to the people of both sides, however far they are by then.

    So does another time or place; what was called off, by itself or with the introduction, is taken back.
    """
    found = []
    for event in state.meetings:
        name = f"{event.node}/{event.id}/"
        if event.says == CANCELLED or state.status in (Status.DECLINED, Status.WITHDRAWN):
            found.append(Due(f"{name}cancelled", "cancelled", side, UUID(event.id), after=name))
        elif state.open:
            kind: Kind = "moved" if moved(event) else "meeting"
            found.append(Due(f"{name}{event.revision}", kind, side, UUID(event.id)))
    return found


def _said_by_calendar(state: State) -> bool:
    """A mail about a meeting has said what comes next."""
    return state.status is Status.MEETING or state.history[-1].says == CANCELLED


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
