"""The words of full-text search, written in the transaction that writes the reading."""

from collections.abc import Iterable

from kakehashi.matching import fulltext, texts
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.queries.glossary import glossary
from kakehashi.matching.query import concept_token
from kakehashi.records.models import Reading
from kakehashi.text.tokens import indexed


def write_words(readings: Iterable[Reading], gone: bool) -> None:
    """Plugged into `records.ports.on_readings`: put the readings' tokens in place of the former ones."""
    if gone:
        fulltext.drop(reading.pk for reading in readings)
    else:
        known = glossary()
        fulltext.put(_words(reading, known) for reading in readings)


def _words(reading: Reading, known: Glossary) -> tuple[int, str, str]:
    compounds = known.compounds
    title, text = texts.title_words(reading.body), texts.text_words(reading.body)
    return reading.pk, indexed(title, compounds), indexed(text, compounds)


def write_concepts(reading: Reading, concepts: Iterable[str]) -> None:
    """Add the concepts of the glossary, which are found later, to the words."""
    fulltext.put_concepts(reading.pk, " ".join(map(concept_token, concepts)))
