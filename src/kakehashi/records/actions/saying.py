"""What one side says in a conversation: a record that crosses at once under one agreement, or stays here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.records.actions.own import write
from kakehashi.records.audience import Audience, Onward, Tlp
from kakehashi.records.kinds import CONVERSATION, OF_NODE
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record


@transaction.atomic
def say(
    *,
    viewer: Viewer,
    body: Mapping[str, Any],
    now: datetime,
    record_id: UUID | None = None,
    person: dict[str, Any] | None = None,
    lineage: str = "",
) -> Record:
    """A record of the conversation, new or (`record_id`) anew; its owner's members need nobody's leave.
    What no organisation owns is the team's to say.

    With the `lineage` of an agreement it is given to its parties, AMBER; without one it stays a draft here.
    InvalidInput, NotAllowed.
    """
    if body.get("kind") not in CONVERSATION:
        raise InvalidInput({"": ["kind-unknown"]})
    record = Record.objects.select_for_update().filter(pk=record_id).first() if record_id else None
    record = record or Record(id=record_id or uuid4(), kind=body["kind"], created_at=now)
    if record.kind not in OF_NODE:
        record.owner = record.owner or UUID(body["organisation"]["id"])
    if record.kind != body["kind"] or not viewer.may_edit(record.owner):
        raise NotAllowed("records.say")
    if lineage:
        record.state, record.audience, record.named = State.PUBLISHED, Audience.NAMED, [lineage]
        record.tlp, record.onward = Tlp.AMBER, Onward.MEMBERS
        record.published_at = record.published_at or now
    write(record, body, person, viewer, now)
    note(at=now, actor=viewer.actor, action="records.say", object=str(record.id), kind=record.kind)
    return record
