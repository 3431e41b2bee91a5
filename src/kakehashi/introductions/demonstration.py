"""Three invented introductions of the demonstration, each step taken by the node that would take it.

They are between the two invented organisations only; every text says that it is invented. The workers of both
nodes play them through the same actions and the same exchange as people do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from kakehashi import this
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.introductions import actions, queries
from kakehashi.introductions.actions.asking import Asked
from kakehashi.introductions.contact import Contact
from kakehashi.introductions.queries import Introduction
from kakehashi.introductions.steps import Reason, Result, Status
from kakehashi.records import queries as records
from kakehashi.records.models import Reading

PLAYER = Viewer(role=Role.MANAGER, actor="demonstration")
INVENTED = "invented"
QUESTIONS = {
    "osaka": Asked(
        ["rd_cooperation"],
        "架空の例：小規模な製造にも対応していますか。",
        "架空の例：iPS細胞の培養装置を開発しています。",
        "ja",
    ),
    "munich": Asked(
        ["rd_cooperation"],
        "Erfunden: Lässt sich das Gerät für Zelllinien aus der Antikörperentwicklung nutzen?",
        "Erfunden: Wir entwickeln bispezifische Antikörper in Martinsried.",
        "de",
    ),
}
CONTACTS = {
    "osaka": Contact("架空 花子（架空の例）", "hanako@mihon.example"),
    "munich": Contact("Erika Muster (erfunden)", "erika@musterprotein.example"),
}
Step: TypeAlias = Callable[[Introduction, datetime], None]


@dataclass(frozen=True)
class Play:
    """Which side asks about which kind of invented record, and what each side does in each state."""

    asks: str
    kind: str
    asker: dict[Status, Step]
    owner: dict[Status, Step]


def play(*, now: datetime) -> int:
    """Take the next step of each play that is this node's; nothing on a node that people use."""
    node = this.node()
    if not node.demo:
        return 0
    mine = records.organisations(PLAYER, now).filter(own=True, provenance=INVENTED).first()
    if mine is None:
        return 0
    every = queries.every(PLAYER, now)
    return sum(_next(each, node.side, mine, every, now) for each in PLAYS)


def _next(each: Play, side: str, mine: Reading, every: list[Introduction], now: datetime) -> int:
    asks = each.asks == side
    found = next((one for one in every if _is(one, each, asks)), None)
    if found is None:
        return _ask(each, side, mine, now) if asks else 0
    step = (each.asker if asks else each.owner).get(found.state.status)
    if step is None:
        return 0
    step(found, now)
    return 1


def _is(one: Introduction, each: Play, asks: bool) -> bool:
    target = one.target
    return (
        one.asks == asks and target is not None and (target.kind, target.provenance) == (each.kind, INVENTED)
    )


def _ask(each: Play, side: str, mine: Reading, now: datetime) -> int:
    rows = records.published(PLAYER, now).filter(own=False, provenance=INVENTED, kind=each.kind)
    target = rows.first()
    if target is None or not queries.may_ask(PLAYER, target, now):
        return 0  # it has not come yet
    actions.ask(
        viewer=PLAYER,
        origin=target.origin,
        record_id=target.record,
        asked=QUESTIONS[side],
        contact=CONTACTS[side],
        organisation=mine.record,
        now=now,
    )
    return 1


def _check(found: Introduction, now: datetime) -> None:
    actions.check(viewer=PLAYER, interest=found.key, now=now)


def _hand_on(found: Introduction, now: datetime) -> None:
    actions.pass_on(viewer=PLAYER, interest=found.key, now=now)


def _accept(found: Introduction, now: datetime) -> None:
    actions.accept(viewer=PLAYER, interest=found.key, contact=CONTACTS[this.node().side], now=now)


def _decline(found: Introduction, now: datetime) -> None:
    words = "Erfunden: Wir vergeben derzeit keine Aufträge nach außen."
    facts: dict[str, Any] = {"reason": Reason.NO_CAPACITY, "words": words, "lang": "de", "now": now}
    actions.decline(viewer=PLAYER, interest=found.key, **facts)


def _meet(found: Introduction, now: datetime) -> None:
    start = (now + timedelta(days=10)).replace(hour=8, minute=0, second=0, microsecond=0)
    facts: dict[str, Any] = {"minutes": 60, "place": "", "zones": ("Asia/Tokyo", "Europe/Berlin"), "now": now}
    actions.arrange(viewer=PLAYER, interest=found.key, start=start, **facts)


def _report(found: Introduction, now: datetime) -> None:
    words = "Erfunden: Beide haben einen gemeinsamen Versuch vereinbart."
    facts: dict[str, Any] = {"result": Result.RESEARCH, "words": words, "lang": "de", "now": now}
    actions.report(viewer=PLAYER, interest=found.key, **facts)


def _confirm(found: Introduction, now: datetime) -> None:
    facts: dict[str, Any] = {"agrees": True, "words": "", "lang": "ja", "now": now}
    actions.judge(viewer=PLAYER, interest=found.key, **facts)


_YES: dict[Status, Step] = {Status.CHECKED: _hand_on, Status.OFFERED: _accept}
PLAYS = (
    Play("osaka", "request", {Status.REQUESTED: _check, Status.ACCEPTED: _meet}, _YES),
    Play(
        "munich",
        "organisation",
        {Status.REQUESTED: _check, Status.ACCEPTED: _report},
        {**_YES, Status.OUTCOME: _confirm},
    ),
    Play(
        "osaka",
        "organisation",
        {Status.REQUESTED: _check},
        {Status.CHECKED: _hand_on, Status.OFFERED: _decline},
    ),
)
