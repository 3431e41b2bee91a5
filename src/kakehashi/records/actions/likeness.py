"""What the team says of organisations that are named alike: nothing is merged, they are found together."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.records import queries
from kakehashi.records.actions.readings import find_anew
from kakehashi.records.models import Likeness


@transaction.atomic
def say_alike(*, viewer: Viewer, one: UUID, other: UUID, same: bool | None, now: datetime) -> None:
    """Say that two organisations are the same, or two; None takes back what was said. NotAllowed, NotFound.

    What names one of two that are the same is found under both; taken back, each has its own again.
    """
    if not viewer.is_staff:
        raise NotAllowed("records.alike")
    if one == other or len(queries.by_id(viewer, now, {one, other})) != 2:
        raise NotFound(f"{one} {other}")
    first, second = sorted((one, other), key=str)
    before = queries.said_to_be_one()
    said = Likeness.objects.filter(one=first, other=second)
    if same is None:
        said.delete()
    else:
        facts = {"same": same, "at": now, "by": viewer.actor}
        Likeness.objects.update_or_create(one=first, other=second, defaults=facts)
    after = queries.said_to_be_one()
    touched = {str(one), str(other)}
    if before != after:
        find_anew({id for key in touched for id in (key, *before.get(key, ()), *after.get(key, ()))}, now)
    object = f"{first} {second}"
    if same is None:
        note(at=now, actor=viewer.actor, action="records.unsaid", object=object)
    elif same:
        note(at=now, actor=viewer.actor, action="records.same", object=object)
    else:
        note(at=now, actor=viewer.actor, action="records.apart", object=object)
