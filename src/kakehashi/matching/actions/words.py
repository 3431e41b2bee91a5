"""The words of full-text search: in the transaction that writes the reading, or soon after many at once.

A partner's page brings hundreds of readings, and their words are a third of the work. Such readings wait, in
a table, for the worker: they are shown at once and found a moment later, however often the worker is killed.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from django.db import transaction

from kakehashi.matching import fulltext, texts
from kakehashi.matching.glossary import Glossary
from kakehashi.matching.models import Waiting
from kakehashi.matching.queries.glossary import glossary
from kakehashi.matching.query import concept_token
from kakehashi.records.models import Reading
from kakehashi.text.tokens import indexed
from kakehashi.work import rows
from kakehashi.work.memory import trim

AT_ONCE = 64  # readings whose words are written with them; about as long as their commit takes
BATCH = 200


def words_change(readings: Sequence[Reading], gone: bool) -> None:
    """Plugged into `records.ports.on_readings`: what is found by the former words is no longer found."""
    keys = [reading.pk for reading in readings]
    if gone:
        fulltext.drop(keys)
    elif len(keys) <= AT_ONCE:
        write_words(readings)
    else:
        fulltext.drop(keys)
        key = ["reading_id"]
        rows.insert(Waiting, key, [(each,) for each in keys], unique=key, update=key)


def write_words(
    readings: Iterable[Reading], concepts: Mapping[int, Iterable[str]] = MappingProxyType({})
) -> None:
    """Put the readings' tokens in place of the former ones; `concepts` by the key of the reading."""
    known = glossary()
    fulltext.put(_row(reading, known, concepts.get(reading.pk, ())) for reading in readings)


def write_waiting() -> int:
    """Write the words of all readings that wait for them, a batch a transaction; gives how many."""
    done = 0
    while Waiting.objects.exists():
        done += _write_some()
    if done:
        trim()
    return done


@transaction.atomic
def _write_some() -> int:
    due = list(Waiting.objects.select_for_update().select_related("reading").order_by("pk")[:BATCH])
    write_words([row.reading for row in due])
    Waiting.objects.filter(pk__in=[row.pk for row in due]).delete()
    return len(due)


def _row(reading: Reading, known: Glossary, concepts: Iterable[str]) -> fulltext.Content:
    compounds = known.compounds
    title, text = texts.title_words(reading.body), texts.text_words(reading.body)
    return reading.pk, indexed(title, compounds), indexed(text, compounds), _tokens(concepts)


def _tokens(concepts: Iterable[str]) -> str:
    return " ".join(map(concept_token, sorted(concepts)))


def write_concepts(reading: Reading, concepts: Iterable[str]) -> None:
    """Add the concepts of the glossary, which are found later, to the words."""
    if Waiting.objects.filter(pk=reading.pk).exists():
        write_all(reading, concepts)
    else:
        fulltext.put_concepts(reading.pk, _tokens(concepts))


def write_all(reading: Reading, concepts: Iterable[str]) -> None:
    """Words and concepts anew: the reading waits no longer."""
    Waiting.objects.filter(pk=reading.pk).delete()
    write_words([reading], {reading.pk: concepts})
