"""Contacts follow the state: given to the other side exactly while both yeses stand."""

from datetime import datetime

from django.db import transaction

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.audit.actions import note
from kakehashi.introductions import queries
from kakehashi.introductions.queries import Introduction
from kakehashi.records import actions as records
from kakehashi.records.models import Reading


def keep_contacts(*, now: datetime) -> int:
    """Give the asker's contact where the owner has said yes, and take own contacts back where it is over."""
    done = 0
    for each in queries.every(WORKER, now):
        if each.asks and each.state.open and each.interest.person is None:
            done += _give(each, now)
        for said in (each.interest, *each.said):
            if said.own and said.person and each.lineage and not each.state.open and not each.state.over:
                without_person(viewer=WORKER, said=said, lineage=each.lineage, now=now)
                done += 1
    return done


@transaction.atomic
def without_person(*, viewer: Viewer, said: Reading, lineage: str, now: datetime) -> None:
    """The same words without the personal part, which goes there with the former revision."""
    body = {name: value for name, value in said.body.items() if name != "revision"}
    records.say(viewer=viewer, body=body, record_id=said.record, lineage=lineage, now=now)
    note(at=now, actor=viewer.actor, action="introductions.close-contact", object=str(said.record))


@transaction.atomic
def _give(each: Introduction, now: datetime) -> int:
    """The contact that came with the question, unless it has been erased since."""
    kept = queries.kept_person(WORKER, each.interest)
    if not kept:
        return 0
    body = {name: value for name, value in each.interest.body.items() if name != "revision"}
    records.say(
        viewer=WORKER, body=body, record_id=each.interest.record, person=kept, lineage=each.lineage, now=now
    )
    note(at=now, actor="worker", action="introductions.open-contact", object=str(each.interest.record))
    return 1
