"""The asking side: an interest is asked, checked by the own cluster or given back, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.introductions import queries
from kakehashi.introductions.actions.common import message, spoken, step
from kakehashi.introductions.contact import Contact
from kakehashi.introductions.events import Key
from kakehashi.introductions.moves import Move
from kakehashi.introductions.steps import Return
from kakehashi.records import actions as records
from kakehashi.records import lint
from kakehashi.records import queries as reads
from kakehashi.records.models import Reading


@dataclass(frozen=True)
class Asked:
    """The three answers: which cooperation, what is open, who asks. `lang` is that of the two texts."""

    cooperation: Sequence[str]
    questions: str
    about_you: str
    lang: str

    def members(self) -> dict[str, Any]:
        return {
            "lang": self.lang,
            "cooperation": list(self.cooperation),
            **message("questions", self.questions, self.lang),
            **message("about_you", self.about_you, self.lang),
        }


@transaction.atomic
def ask(
    *,
    viewer: Viewer,
    origin: str,
    record_id: UUID,
    asked: Asked,
    contact: Contact,
    now: datetime,
    organisation: UUID | None = None,
    mission: Key | None = None,
) -> UUID:
    """Express the interest of an organisation in a partner's record; gives the interest's record id.

    It waits for the own cluster's check; the contact stays here until both sides have said yes.
    `organisation`: whom a manager asks for; a member asks for the own one. `mission`: where they met.
    Conflict if that organisation is asking already, or no agreement carries the question.
    """
    target = reads.get(viewer, origin, record_id, now)
    owner = queries.own_organisation(viewer, organisation, now)
    if not queries.may_ask(viewer, target, now):
        raise Conflict("introductions.not-covered")
    under_way = queries.about(viewer, origin, record_id, now)
    if any(each.interest.owner == owner.record and not each.state.closed for each in under_way):
        raise Conflict("introductions.asked-already")
    more = {"mission": {"origin": mission[0], "id": mission[1]}} if mission else {}
    body = _body(target, owner, asked, now) | more
    _without_contacts(body)
    record = records.say(viewer=viewer, body=body, person=contact.person(), now=now)
    note(at=now, actor=viewer.actor, action="introductions.ask", object=str(record.id), about=str(record_id))
    return record.id


@transaction.atomic
def ask_again(*, viewer: Viewer, interest: Key, asked: Asked, contact: Contact, now: datetime) -> None:
    """In other words, after the own cluster has given it back."""
    found = step(viewer, interest, Move.ASK_AGAIN, now)
    kept = _kept(found.interest.body)
    body = {**kept, **asked.members(), **spoken("asked", now)}
    _without_contacts(body)
    records.say(viewer=viewer, body=body, record_id=found.interest.record, person=contact.person(), now=now)
    note(at=now, actor=viewer.actor, action="introductions.ask-again", object=interest[1])


@transaction.atomic
def check(*, viewer: Viewer, interest: Key, now: datetime) -> None:
    """The own cluster lets it pass: it crosses now, without the contact."""
    found = step(viewer, interest, Move.CHECK, now)
    target = found.target
    lineage = queries.lineage_for(target, now) if target else ""
    if not lineage:
        raise Conflict("introductions.not-covered")
    body = _asked_only(found.interest.body) | spoken("checked", now)
    records.say(viewer=viewer, body=body, record_id=found.interest.record, lineage=lineage, now=now)
    if not queries.one(viewer, interest[0], found.interest.record, now).lineage:
        raise Conflict("introductions.not-covered")  # the region of the organisation is not part of it
    note(at=now, actor=viewer.actor, action="introductions.check", object=interest[1], agreement=lineage)


@transaction.atomic
def give_back(*, viewer: Viewer, interest: Key, reason: Return, words: str, lang: str, now: datetime) -> None:
    """The own cluster gives it back with a reason; nothing has crossed."""
    found = step(viewer, interest, Move.RETURN, now)
    more = {"reason": reason.value, **message("message", words, lang)}
    body = _asked_only(found.interest.body) | spoken("returned", now) | more
    records.say(
        viewer=viewer, body=body, record_id=found.interest.record, person=found.interest.person, now=now
    )
    note(at=now, actor=viewer.actor, action="introductions.return", object=interest[1], reason=reason.value)


@transaction.atomic
def withdraw(*, viewer: Viewer, interest: Key, now: datetime) -> None:
    """The asking side takes its question back: what it wrote, and its contact, go on both sides."""
    found = step(viewer, interest, Move.WITHDRAW, now)
    body = _kept(found.interest.body) | spoken("withdrawn", now)
    records.say(viewer=viewer, body=body, record_id=found.interest.record, lineage=found.lineage, now=now)
    note(at=now, actor=viewer.actor, action="introductions.withdraw", object=interest[1])


def _body(target: Reading, owner: Reading, asked: Asked, now: datetime) -> dict[str, Any]:
    name = owner.title.get(asked.lang) or owner.title.get(owner.lang) or next(iter(owner.title.values()))
    topics = target.body.get("topics")
    return {
        "kind": "interest",
        "about": {"origin": target.origin, "id": str(target.record)},
        "organisation": {"origin": this.node().name, "id": str(owner.record), "name": name},
        **({"topics": topics} if topics else {}),
        **asked.members(),
        **spoken("asked", now),
    }


_FRAME = ("kind", "lang", "about", "organisation", "topics", "mission")


def _kept(body: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of an interest whatever is said of it."""
    return {name: body[name] for name in _FRAME if name in body}


def _asked_only(body: Mapping[str, Any]) -> dict[str, Any]:
    more = ("cooperation", "questions", "about_you")
    return _kept(body) | {name: body[name] for name in more if name in body}


def _without_contacts(body: Mapping[str, Any]) -> None:
    """The texts are read before anybody has said yes: no address, no telephone in them."""
    found = lint.warnings(body)
    if found:
        raise InvalidInput(dict(found))
