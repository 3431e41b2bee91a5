"""What a change of the glossary would alter, before it is saved: which records and which matches."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from kakehashi.accounts.viewer import Viewer
from kakehashi.matching import texts
from kakehashi.matching.concepts import LANGUAGES, Concept
from kakehashi.matching.content import content
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.models import Indexed, Match
from kakehashi.matching.queries.glossary import curates, glossary, in_force
from kakehashi.matching.queries.pairs import matches
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.text.fold import fold
from kakehashi.text.tokens import is_cjk, runs, stem

MOST = 5_000  # records that are looked at, the newest first
EXAMPLES = 5


@dataclass(frozen=True)
class Preview:
    """Counts with their first examples. `also`: other concepts that a term of this one names too."""

    looked_at: int
    gains: list[Reading] = field(default_factory=list)
    loses: list[Reading] = field(default_factory=list)
    gained: int = 0
    lost: int = 0
    joined: list[Match] = field(default_factory=list)
    parted: list[Match] = field(default_factory=list)
    joins: int = 0
    parts: int = 0
    also: list[tuple[str, Concept]] = field(default_factory=list)


def preview(viewer: Viewer, key: str, changed: Concept | None, now: datetime) -> Preview:
    """What it would mean to put `changed` in place of the concept `key`, or to retire it."""
    curates(viewer)
    present = glossary()
    after = Glossary(in_force([changed or key]))
    rows = records.published(viewer, now).order_by("-pk")[:MOST]
    named = dict(
        Indexed.objects.filter(reading__in=[row.pk for row in rows]).values_list("reading", "concepts")
    )
    states = [state for state in (present.concepts.get(key), changed) if state]
    gains, loses = [], []
    for row in rows:
        if row.pk not in named or not _may_name(row, states):
            continue
        has, will = key in named[row.pk], key in content(row.body, after).concepts
        gains += [row] if will and not has else []
        loses += [row] if has and not will else []
    has_now = {pk for pk, concepts in named.items() if key in concepts}
    has_then = has_now.union(row.pk for row in gains) - {row.pk for row in loses}
    touched = {row.pk for row in (*gains, *loses)}
    pairs = matches(viewer, now).filter(Q(own__in=touched) | Q(other__in=touched))
    joined = [
        m for m in pairs if {m.own_id, m.other_id} <= has_then and not {m.own_id, m.other_id} <= has_now
    ]
    parted = [
        m for m in pairs if {m.own_id, m.other_id} <= has_now and not {m.own_id, m.other_id} <= has_then
    ]
    return Preview(
        len(rows), gains[:EXAMPLES], loses[:EXAMPLES], len(gains), len(loses),
        joined[:EXAMPLES], parted[:EXAMPLES], len(joined), len(parted),
        list(_also(changed, present))[:EXAMPLES],
    )  # fmt: skip


def _may_name(row: Reading, states: list[Concept]) -> bool:
    """False only if no term can stand in the texts: quicker than reading them. Japanese ones are composed."""
    text = fold(f"{texts.title_words(row.body)}\n{texts.text_words(row.body)}")
    if any(map(is_cjk, text)):
        return True
    terms = {term for state in states for lang in LANGUAGES for term in state.terms(lang) if term}
    return any(all(stem(run.text).removesuffix("i") in text for run in runs(term)) for term in terms)


def _also(changed: Concept | None, present: Glossary) -> Iterator[tuple[str, Concept]]:
    """Terms of a concept that are terms of others already, with these."""
    for lang, concept in ((lang, changed) for lang in LANGUAGES if changed):
        for term in filter(None, concept.terms(lang)):
            for other in present.meanings(term):
                if other != concept.id:
                    yield term, present.concepts[other]
