"""The person of this side whom the other one talks to, as given, whether or not the other side may see it."""

from typing import Any

from kakehashi.accounts.viewer import Viewer
from kakehashi.introductions.queries.loading import Introduction
from kakehashi.records import queries as records
from kakehashi.records.models import Reading


def kept_person(viewer: Viewer, said: Reading) -> dict[str, Any] | None:
    """The personal part that came with an own record, also if it was left out later; None once erased."""
    revisions = records.said_here(viewer, said.record).revisions
    persons = revisions.filter(person__isnull=False).order_by("-number").values_list("person", flat=True)
    person: dict[str, Any] | None = persons.first()
    return person


def own_contact(viewer: Viewer, found: Introduction) -> dict[str, Any]:
    """Name and addresses of the person of this side; empty if none is known."""
    ours = [found.interest] if found.asks else [each for each in found.said if each.kind == "reply"]
    persons = (kept_person(viewer, each) for each in reversed(ours) if each.own)
    return next((person.get("contact", {}) for person in persons if person), {})
