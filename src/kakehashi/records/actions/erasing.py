"""Erasing an own record or parts of it here; the exchange has it destroyed at the partners (ports.py)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, NotAllowed, NotFound
from kakehashi.records import erasure, ports
from kakehashi.records.actions.readings import project_own, remove
from kakehashi.records.erasure import Scope
from kakehashi.records.models import Reading, Record, Revision
from kakehashi.records.queries import erasable


@transaction.atomic
def erase(*, viewer: Viewer, record_id: UUID, scope: str, basis: str, now: datetime) -> None:
    """Destroy what `scope` names in all revisions, here at once and at every partner within the agreed time.

    NotAllowed unless `viewer` is a manager; InvalidInput where there is nothing of that scope, or for a
    basis that is none of `erasure.BASES`.
    """
    if not viewer.is_manager:
        raise NotAllowed("records.erase")
    record = Record.objects.select_for_update().filter(pk=record_id).first()
    if record is None:
        raise NotFound(str(record_id))
    if scope not in erasable(viewer, record):
        raise InvalidInput({"scope": ["nothing-to-erase"]})
    if basis not in erasure.BASES:
        raise InvalidInput({"basis": ["choice-unknown"]})
    through = record.revision
    if scope != Scope.ALL:
        destroy(record_id=record_id, scope=Scope(scope), through=through, now=now)
    ports.record_erased(ports.Erasure(record, Scope(scope), basis, through), now)
    if scope == Scope.ALL:
        destroy(record_id=record_id, scope=Scope.ALL, through=through, now=now)
    facts = {"scope": str(scope), "basis": basis}
    note(at=now, actor=viewer.actor, action="records.erase", object=str(record_id), **facts)


@transaction.atomic
def destroy(*, record_id: UUID, scope: Scope, through: int, now: datetime) -> bool:
    """What erasing does in the tables of records, `through` being the newest revision that it concerns.

    Also for an erasure that a database put back from a backup does not know of: if the present wording is
    one of those that were erased there, nothing of the record can stay. False if there is nothing of it here.
    """
    record = Record.objects.select_for_update().filter(pk=record_id).first()
    if record is None or not _holds(record, scope, through):
        return False
    mine = Reading.every.filter(origin=this.node().name, record=record_id)
    if scope == Scope.PERSON:
        Revision.objects.filter(record=record, number__lte=through).update(person=None)
        mine.filter(revision__lte=through).update(person=None)
        return True
    for reading in mine:  # with it go its words in the search, vectors, matches and their phrases
        remove(reading)
    if scope == Scope.ALL or record.revision < through:
        record.delete()
        return True
    Revision.objects.filter(record=record, number__lt=through).delete()
    project_own(record, record.revisions.get(number=record.revision), now)
    return True


def _holds(record: Record, scope: Scope, through: int) -> bool:
    """Whether something of what is, or was, to be erased is here."""
    if scope == Scope.PERSON:
        return record.revisions.filter(number__lte=through, person__isnull=False).exists()
    earlier = record.revisions.filter(number__lt=through).exists()
    return scope == Scope.ALL or earlier or record.revision < through
