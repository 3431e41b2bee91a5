"""Changes of the glossary by curators, each kept with who, when and why, so that it can be undone.

Where an agreement says so, each goes to the partners as a record, which is a proposal there.
"""

from datetime import datetime

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput, NotFound
from kakehashi.matching.concepts import LANGUAGES, Concept, plain, thaw
from kakehashi.matching.models import TermAnswer, TermChange
from kakehashi.matching.proposals import body_of
from kakehashi.matching.queries.counting import granted, name_of
from kakehashi.matching.queries.glossary import curates, glossary
from kakehashi.matching.queries.proposals import Proposal
from kakehashi.records import actions as records


@transaction.atomic
def change_term(*, viewer: Viewer, concept: Concept, why: str, now: datetime) -> TermChange:
    """Add a concept, or put it in place of the one with its id. InvalidInput without names or reason."""
    curates(viewer)
    missing = {lang: ["required"] for lang in LANGUAGES if not concept.names[lang].strip()}
    missing |= {} if why.strip() else {"why": ["required"]}
    if missing:
        raise InvalidInput(missing)
    return _change(viewer, concept.id, concept, why, now)


@transaction.atomic
def retire_term(*, viewer: Viewer, key: str, why: str, now: datetime) -> TermChange:
    """Take a concept out of the glossary; its history stays."""
    curates(viewer)
    if not why.strip():
        raise InvalidInput({"why": ["required"]})
    if key not in glossary().concepts:
        raise NotFound(f"concept {key}")
    return _change(viewer, key, None, why, now)


@transaction.atomic
def undo_term(*, viewer: Viewer, change: int, why: str, now: datetime) -> TermChange:
    """Put back what stood before a change. Conflict if the concept was changed again since."""
    curates(viewer)
    row = TermChange.objects.select_for_update().filter(pk=change).first()
    if row is None:
        raise NotFound(f"change {change}")
    if TermChange.objects.filter(concept=row.concept, pk__gt=row.pk).exists():
        raise Conflict("matching.undo")
    return _change(viewer, row.concept, thaw(row.before) if row.before else None, why, now)


def _change(viewer: Viewer, key: str, concept: Concept | None, why: str, now: datetime) -> TermChange:
    present = glossary().concepts.get(key)
    row = TermChange.objects.create(
        concept=key,
        content=plain(concept) if concept else None,
        before=plain(present) if present else None,
        why=why.strip()[:300],
        by=viewer.actor,
        at=now,
    )
    note(at=now, actor=viewer.actor, action="matching.term", object=key, why=row.why)
    if changed := concept or present:
        _share(viewer, changed, retired=concept is None, why=row.why, now=now)
    return row


def _share(viewer: Viewer, concept: Concept, *, retired: bool, why: str, now: datetime) -> None:
    """To the partners whose agreement says so: there it is a proposal."""
    body = body_of(concept, retired=retired, why=why, lang=this.node().language, now=now)
    for standing in granted("term", now):
        lineage = standing["lineage"]
        name = name_of(lineage, "term", concept.id)
        records.say(viewer=viewer, body=body, record_id=name, lineage=lineage, now=now)


@transaction.atomic
def answer_proposal(*, viewer: Viewer, proposal: Proposal, take: Concept | None, now: datetime) -> None:
    """Take a partner's change over, as it is or mended (`take`), or decline it (None)."""
    curates(viewer)
    if take and proposal.retires:
        retire_term(viewer=viewer, key=take.id, why=proposal.why, now=now)
    elif take:
        change_term(viewer=viewer, concept=take, why=proposal.why, now=now)
    TermAnswer.objects.update_or_create(
        origin=proposal.origin,
        record=proposal.record,
        defaults={"revision": proposal.revision, "taken": bool(take), "by": viewer.actor, "at": now},
    )
    of = f"{proposal.origin}/{proposal.record}"
    note(at=now, actor=viewer.actor, action="matching.proposal", object=of, taken=bool(take))
