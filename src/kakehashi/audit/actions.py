"""Write one audit row inside the caller's transaction."""

from datetime import datetime
from typing import Any

from kakehashi.audit.models import Entry


def note(*, at: datetime, actor: str, action: str, object: str, **facts: Any) -> None:
    """Note that `actor` did `action` (dotted, "records.publish") to `object`."""
    Entry.objects.create(at=at, actor=actor, action=action, object=object, facts=facts)
