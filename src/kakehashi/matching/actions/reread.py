"""Reads texts anew after the glossary changed: who names a concept now, who no longer does.

A record whose concepts stay as they are keeps its matches; the others are due to be matched. No
encoder is asked.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kakehashi.matching import texts
from kakehashi.matching.actions.encode import next_stamp
from kakehashi.matching.actions.leave import unsettle
from kakehashi.matching.actions.words import write_all, write_concepts
from kakehashi.matching.content import content
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.models import Indexed, TermChange
from kakehashi.matching.queries.due import to_reread
from kakehashi.matching.queries.glossary import glossary, glossary_version
from kakehashi.text.fold import fold

BATCH = 100


def reread_due(*, now: datetime, limit: int = 5_000) -> int:
    """Read up to `limit` texts anew; gives how many. Stopping at any point loses at most one batch."""
    done = 0
    while done < limit:
        version, known = glossary_version(), glossary()
        batch = list(to_reread(version)[:BATCH])
        if not batch:
            break
        _reread(batch, known, version)
        done += len(batch)
    return done


@transaction.atomic
def _reread(batch: list[Indexed], known: Glossary, version: str) -> None:
    parts = {before: _parts(before, version) for before in {row.glossary for row in batch}}
    unchanged = []
    for row in batch:
        words = parts[row.glossary]
        named = sorted(content(row.reading.body, known).concepts)
        if words is None or _holds(row, words):
            write_all(row.reading, named)
        elif named != row.concepts:
            write_concepts(row.reading, named)
        if named == row.concepts:
            unchanged.append(row.pk)
            continue
        fresh = {"concepts": named, "glossary": version, "stamp": next_stamp(), "basis": ""}
        if Indexed.objects.filter(pk=row.pk, stamp=row.stamp).update(**fresh):
            unsettle()
    Indexed.objects.filter(pk__in=unchanged).update(glossary=version)


def _parts(before: str, version: str) -> set[str] | None:
    """The German words that came or went since a version: compounds with them are parted otherwise now.

    None if that cannot be told, as after an upgrade.
    """
    if before.rpartition("-")[0] != version.rpartition("-")[0]:
        return None
    since = TermChange.objects.filter(pk__gt=int(before.rpartition("-")[2]))
    return {word for change in since for state in (change.content, change.before) for word in _german(state)}


def _german(state: dict[str, dict[str, str]] | None) -> Iterable[str]:
    terms = [state["names"]["de"], *state["others"]["de"]] if state else []
    return (word for term in terms for word in fold(term).replace("-", " ").split())


def _holds(row: Indexed, words: set[str]) -> bool:
    if not words:
        return False
    body = row.reading.body
    text = fold(f"{texts.title_words(body)}\n{texts.text_words(body)}")
    return any(word in text for word in words)
