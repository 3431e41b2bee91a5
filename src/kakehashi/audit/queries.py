"""Reads of the audit: the whole for managers, and each person's own share."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from kakehashi.audit.models import Entry
from kakehashi.errors import NotAllowed


class Looker(Protocol):
    """As much of a viewer as the audit must know; people stand above it in the house."""

    @property
    def is_manager(self) -> bool: ...

    @property
    def is_staff(self) -> bool: ...


def entries(viewer: Looker, words: str = "") -> QuerySet[Entry]:
    """The audit, newest first; with `words`, what was done to that object, by that person or of that kind."""
    if not viewer.is_manager:
        raise NotAllowed("audit")
    rows = Entry.objects.order_by("-at", "-pk")
    if words:
        rows = rows.filter(
            Q(object__icontains=words) | Q(actor__icontains=words) | Q(action__istartswith=words)
        )
    return rows


def of_actors(actors: Sequence[str]) -> list[dict[str, Any]]:
    """What these did, oldest first, as plain values."""
    rows = Entry.objects.filter(actor__in=actors).order_by("at", "pk")
    return [
        {"at": row.at.isoformat(), "action": row.action, "object": row.object, "facts": row.facts}
        for row in rows
    ]


def doers(viewer: Looker, objects: Collection[str]) -> dict[tuple[str, datetime], str]:
    """Who did something to each of `objects`, and when: {(object, at): actor}; for the cluster's team."""
    if not viewer.is_staff:
        raise NotAllowed("audit")
    rows = Entry.objects.filter(object__in=objects).order_by("pk")
    return {(object, at): actor for object, at, actor in rows.values_list("object", "at", "actor")}


def earlier_addresses(email: str) -> list[str]:
    """The addresses that somebody had before this one, newest first, from the changes noted in the audit."""
    changes = Entry.objects.filter(action="accounts.email", facts__before__isnull=False)
    before = {row.object: row.facts["before"] for row in changes.order_by("at", "pk")}
    found: list[str] = []
    while (email := before.get(email, "")) and email not in found:
        found.append(email)
    return found
