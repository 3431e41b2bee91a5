"""One change: something is said of a practice, and crosses to the other side at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.introductions.queries import own_organisation
from kakehashi.practices import queries
from kakehashi.practices.thread import Key
from kakehashi.records import actions as records
from kakehashi.records.models import Reading
from kakehashi.signing.commit import stamp
from kakehashi.translation.texts import original


@dataclass(frozen=True)
class Words:
    """What is said, in one language; `result` belongs to a practice taken over."""

    message: str
    lang: str
    result: str = ""

    def members(self) -> Mapping[str, Any]:
        said = {"message": self.message, "result": self.result}
        return {name: {self.lang: original(text)} for name, text in said.items() if text}


@transaction.atomic
def say(
    *,
    viewer: Viewer,
    practice: Reading,
    says: str,
    words: Words,
    now: datetime,
    organisation: UUID | None = None,
    question: Key | None = None,
) -> UUID:
    """Ask, answer (`question`), endorse or tell of taking over; gives the record's id.

    Conflict if the practice has not crossed under an agreement that lets comments cross, if the question is
    not one about it, or if the organisation would praise its own. InvalidInput from the checks of records.
    """
    lineage = queries.lineage(practice, now)
    if not lineage:
        raise Conflict("practices.not-covered")
    owner = own_organisation(viewer, organisation, now)
    if says in ("endorsement", "adoption") and owner.record == practice.owner:
        raise Conflict("practices.own")
    asked = {each.asked.key for each in queries.talk(viewer, practice, now).questions}
    if (says == "answer") != (question in asked):
        raise InvalidInput({"about": ["reference-unknown"]})
    about = question or (practice.origin, str(practice.record))
    record = records.say(
        viewer=viewer,
        body=_body(about, practice, owner, says, words, now),
        lineage=lineage,
        now=now,
    )
    note(at=now, actor=viewer.actor, action="practices.say", object=str(record.id), says=says)
    return record.id


def _body(
    about: Key, practice: Reading, owner: Reading, says: str, words: Words, now: datetime
) -> dict[str, Any]:
    name = owner.title.get(words.lang) or owner.title.get(owner.lang) or next(iter(owner.title.values()))
    topics = practice.body.get("topics")
    return {
        "kind": "comment",
        "lang": words.lang,
        "about": {"origin": about[0], "id": about[1]},
        "organisation": {"origin": this.node().name, "id": str(owner.record), "name": name},
        **({"topics": topics} if topics else {}),
        "says": says,
        "at": stamp(now),
        **words.members(),
    }
