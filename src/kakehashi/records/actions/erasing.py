"""Erasing an own record or parts of it here; the exchange has it destroyed at the partners (ports.py)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from kakehashi import this
from kakehashi.accounts import actions as accounts
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, NotAllowed, NotFound
from kakehashi.records import erasure, ports
from kakehashi.records.actions.readings import project_own, remove
from kakehashi.records.erasure import Scope
from kakehashi.records.models import ErasedKey, Reading, Record, Revision
from kakehashi.records.queries import erasable


@transaction.atomic
def erase(*, viewer: Viewer, record_id: UUID, scope: str, basis: str, now: datetime) -> None:
    """Destroy what `scope` names in all revisions, here at once and at every partner within the agreed time.

    With an organisation that is erased whole goes all that it owns; its members may only read from then on.
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
    for each in owned(record) if scope == Scope.ALL else ():
        _erase(viewer, each, Scope.ALL, basis, now)
    _erase(viewer, record, Scope(scope), basis, now)
    if scope == Scope.ALL and record.kind == "organisation":
        accounts.organisation_gone(organisation=record_id, actor=viewer.actor, now=now)


def owned(record: Record) -> QuerySet[Record]:
    """What an organisation owns beside itself, the conversation about it included; nothing of other kinds."""
    rows = Record.objects.filter(owner=record.pk).exclude(pk=record.pk).order_by("created_at", "pk")
    return rows if record.kind == "organisation" else rows.none()


def _erase(viewer: Viewer, record: Record, scope: Scope, basis: str, now: datetime) -> None:
    record_id, through = record.pk, record.revision
    if scope != Scope.ALL:
        destroy(record_id=record_id, scope=scope, through=through, now=now)
    ports.record_erased(ports.Erasure(record, scope, basis, through), now)
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
        _remember_keys(record)
        record.delete()
        return True
    Revision.objects.filter(record=record, number__lt=through).delete()
    project_own(record, record.revisions.get(number=record.revision), now)
    return True


def _remember_keys(record: Record) -> None:
    """Another import of the same lines must not bring back what was erased."""
    for row in record.source_keys.all():
        ErasedKey.objects.get_or_create(mark=key_mark(row.source, row.key))


def key_mark(source: str, key: str) -> str:
    """What is kept of a line whose record was erased: nobody else can tell, or guess, which line it was."""
    return salted_hmac("kakehashi.records.erased", f"{source}\0{key}", algorithm="sha256").hexdigest()


def _holds(record: Record, scope: Scope, through: int) -> bool:
    """Whether something of what is, or was, to be erased is here."""
    if scope == Scope.PERSON:
        return record.revisions.filter(number__lte=through, person__isnull=False).exists()
    earlier = record.revisions.filter(number__lt=through).exists()
    return scope == Scope.ALL or earlier or record.revision < through
