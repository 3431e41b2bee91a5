"""Changes of the glossary that partners made and nobody here has answered yet."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotFound
from kakehashi.matching.concepts import Concept, plain
from kakehashi.matching.models import TermAnswer
from kakehashi.matching.proposals import concept_of
from kakehashi.matching.queries.glossary import curates, glossary
from kakehashi.records import queries as records
from kakehashi.records.models import Reading

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Proposal:
    """A partner's change: `concept` as it has it now, `present` as it is here, if it is."""

    origin: str
    record: UUID
    revision: int
    side: str
    concept: Concept
    present: Concept | None
    retires: bool
    why: str
    at: datetime


def proposals(viewer: Viewer, now: datetime) -> list[Proposal]:
    """All that differs from the glossary here and was not answered, the latest first."""
    curates(viewer)
    answered = set(TermAnswer.objects.values_list("origin", "record", "revision"))
    rows = records.conversation(viewer, now).filter(own=False, kind="term").order_by("-changed_at", "-pk")
    known = glossary().concepts
    fresh = (row for row in rows if (row.origin, row.record, row.revision) not in answered)
    return [found for row in fresh if (found := _proposal(row, known))]


def proposal(viewer: Viewer, origin: str, record: UUID, now: datetime) -> Proposal:
    """One of them; NotFound also where it was answered."""
    for found in proposals(viewer, now):
        if (found.origin, found.record) == (origin, record):
            return found
    raise NotFound(f"{origin}/{record}")


def _proposal(row: Reading, known: dict[str, Concept]) -> Proposal | None:
    """None where there is nothing to decide, or the record is of no use."""
    body = row.body
    concept, retires = concept_of(body), body.get("retired", False)
    if concept is None or not _KEY.fullmatch(concept.id):
        return None
    present = known.get(concept.id)
    same = present is None if retires else present is not None and plain(present) == plain(concept)
    if same:
        return None
    facts = (row.origin, row.record, row.revision, row.side)
    return Proposal(*facts, concept, present, retires, body["why"], row.changed_at)
