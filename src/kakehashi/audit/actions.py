"""Write one audit row inside the caller's transaction; put a pseudonym where somebody is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from kakehashi.audit.models import Entry


def note(*, at: datetime, actor: str, action: str, object: str, **facts: Any) -> None:
    """Note that `actor` did `action` (dotted, "records.publish") to `object`."""
    Entry.objects.create(at=at, actor=actor, action=action, object=object, facts=facts)


def forget(*, actors: Sequence[str], pseudonym: str) -> None:
    """What was done stays, who did it goes: the one change that audit rows ever see (GDPR art. 17)."""
    for row in Entry.objects.filter(Q(actor__in=actors) | Q(object__in=actors)):
        row.actor = pseudonym if row.actor in actors else row.actor
        row.object = pseudonym if row.object in actors else row.object
        row.facts = {name: pseudonym if value in actors else value for name, value in row.facts.items()}
        row.save()
