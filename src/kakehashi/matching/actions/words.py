"""The words of full-text search, written in the transaction that writes the reading."""

from collections.abc import Iterable

from django.db import connection

from kakehashi.matching import texts
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.queries.glossary import glossary
from kakehashi.matching.query import concept_token
from kakehashi.records.models import Reading
from kakehashi.text.tokens import indexed


def write_words(readings: Iterable[Reading], gone: bool) -> None:
    """Plugged into `records.ports.on_readings`: put the readings' tokens in place of the former ones."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        if gone:
            cursor.executemany("DELETE FROM matching_words WHERE rowid = %s", [(r.pk,) for r in readings])
        else:
            known = glossary()
            cursor.executemany(
                "REPLACE INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, '')",
                [_words(reading, known) for reading in readings],
            )


def _words(reading: Reading, known: Glossary) -> tuple[int, str, str]:
    compounds = known.compounds
    title, text = texts.title_words(reading.body), texts.text_words(reading.body)
    return reading.pk, indexed(title, compounds), indexed(text, compounds)


def write_concepts(reading: Reading, concepts: Iterable[str]) -> None:
    """Add the concepts of the glossary, which are found later, to the words."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            named = " ".join(concept_token(concept) for concept in concepts)
            cursor.execute("UPDATE matching_words SET concepts = %s WHERE rowid = %s", [named, reading.pk])
