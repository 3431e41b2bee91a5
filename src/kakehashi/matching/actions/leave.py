"""What a reading that changes or goes leaves to be done: scores rest on all records together."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from kakehashi.matching.actions.changes import sight_changed
from kakehashi.matching.models import Basis, Indexed, Match, Vector
from kakehashi.records import showing
from kakehashi.records.models import Reading


def unsettle() -> None:
    """The basis must be compared with the records again; called in the transaction that changes them."""
    Basis.objects.update(settled=False)  # also where it is so: the row's lock keeps `settle` waiting


def readings_go(readings: Iterable[Reading], gone: bool) -> None:
    """Plugged into `records.ports.on_readings`: what is removed may make room among others' best."""
    if not gone:
        return
    going = list(readings)
    _leave([reading.pk for reading in going])
    for reading in going:
        if reading.kind == "organisation":
            type_changed(reading, "")


def forget_unpublished() -> None:
    """Forget what is no longer published, as if it had never been read."""
    unpublished = Indexed.objects.filter(reading__in=showing.unpublished().values("pk"))
    if not unpublished.exists():
        return
    with transaction.atomic():
        keys = list(unpublished.values_list("pk", flat=True))
        _leave(keys)
        sight_changed(keys)
        for table in (Vector, Indexed):
            table.objects.filter(reading__in=keys).delete()
        Match.objects.filter(Q(own__in=keys) | Q(other__in=keys)).delete()


def type_changed(organisation: Reading, kind: str) -> None:
    """What belongs to an organisation knows its type: it is read again if that is another now."""
    belonging = Indexed.objects.filter(
        reading__origin=organisation.origin, reading__owner=organisation.record
    )
    stale = belonging.exclude(facts__organisation_type=kind).exclude(reading=organisation)
    stale.update(seen=datetime.min.replace(year=1970, tzinfo=UTC))


def _leave(keys: list[int]) -> None:
    pairs = Match.objects.filter(Q(own__in=keys, of_other=True) | Q(other__in=keys, of_own=True))
    partners = {key for pair in pairs.values_list("own_id", "other_id") for key in pair}
    Indexed.objects.filter(pk__in=partners).update(basis="")
    unsettle()
