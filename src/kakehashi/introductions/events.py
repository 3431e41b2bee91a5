"""The records of the conversation as both nodes hold them: interest, reply, outcome, confirmation.

What a log says is untrusted: a body that is not in the form of its kind is no event.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from kakehashi.introductions.steps import Reason, Result, Return
from kakehashi.records.kinds import SAYINGS
from kakehashi.signing.commit import parse_stamp

KINDS = tuple(SAYINGS)
Key: TypeAlias = tuple[str, str]  # a node and the id of one of its records


@dataclass(frozen=True)
class Event:
    """One revision of one record of the conversation.

    `node` is the origin, proven by the log that it came through; nobody else writes in its name. `about` is
    the record that it answers: for an interest the partner's record, else the interest or the outcome. `says`
    is the step: "asked", "returned", "checked" or "withdrawn" of an interest, "passed" (on to the owner),
    "accepted" or "declined" of a reply, a milestone or a result of an outcome, "confirmed" or "disputed" of a
    confirmation. `detail` is the reason of a return or a decline, or the result that is confirmed: one that
    is changed afterwards is not. `at` is when it was said, as its body has it on both nodes.
    """

    node: str
    id: str
    revision: int
    kind: str
    about: Key
    says: str
    at: datetime
    detail: str = ""
    withdrawn: bool = False

    @property
    def key(self) -> Key:
        return self.node, self.id

    @property
    def order(self) -> tuple[datetime, str, str, int]:
        """A total order that both nodes agree on, whenever they heard of it."""
        return self.at, self.node, self.id, self.revision


_VERDICTS = SAYINGS["confirmation"]
_DETAIL: Mapping[str, tuple[str, frozenset[str]]] = {
    "interest": ("reason", frozenset(Return)),
    "reply": ("reason", frozenset(Reason)),
    "confirmation": ("result", frozenset(Result)),
}


def read(
    node: str, id: str, revision: int, kind: str, body: Mapping[str, Any], at: datetime, *, withdrawn: bool
) -> Event | None:
    """The event that a record's body tells of, or None; `at` counts where the body names no time."""
    about, says = body.get("about"), body.get("says")
    if kind not in KINDS or not isinstance(about, Mapping) or not isinstance(says, str):
        return None
    origin, target = about.get("origin"), about.get("id")
    if not isinstance(origin, str) or not isinstance(target, str) or says not in SAYINGS[kind]:
        return None
    detail = ""
    if says in ("returned", "declined", *_VERDICTS):
        member, known = _DETAIL[kind]
        detail = body.get(member, "")
        if not isinstance(detail, str) or detail not in known:
            return None
    return Event(node, id, revision, kind, (origin, target), says, _said(body, at), detail, withdrawn)


def _said(body: Mapping[str, Any], otherwise: datetime) -> datetime:
    try:
        return parse_stamp(body["at"])
    except (KeyError, ValueError):
        return otherwise


def newest(events: Iterable[Event]) -> dict[Key, Event]:
    """Each record by its highest revision: repetition and order of arrival leave no trace.

    Of two different texts for one revision the greater one stands on both nodes; the exchange has stopped
    that channel anyhow (EXCHANGE.md section 6, equivocation).
    """
    found: dict[Key, Event] = {}
    for event in events:
        known = found.get(event.key)
        if known is None or _rank(event) > _rank(known):
            found[event.key] = event
    return found


def _rank(event: Event) -> tuple[Any, ...]:
    return event.revision, event.withdrawn, event.at, event.kind, event.about, event.says, event.detail
