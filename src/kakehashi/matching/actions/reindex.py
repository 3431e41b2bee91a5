"""Builds the search tables anew from the readings."""

from collections.abc import Callable

from django.db import transaction

from kakehashi.matching.actions.words import write_words
from kakehashi.matching.models import Ahead, Basis, Indexed, Match, Vector
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.records.models import Reading

BATCH = 500  # readings of one transaction: nobody who writes meanwhile waits for more


def reindex(*, words_only: bool = False, progress: Callable[[int, int], None] | None = None) -> int:
    """Write all words anew; unless `words_only`, also forget vectors, basis and matches, which are then due.

    Gives the number of readings. `progress` gets how many are done, and of how many.
    """
    if not words_only:
        with transaction.atomic():
            for table in (Match, Vector, Ahead, Basis, Indexed):
                table.objects.all().delete()
        MEMORY.forget()
    keys = list(Reading.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        with transaction.atomic():
            _write(keys[first : first + BATCH])
        if progress:
            progress(min(first + BATCH, len(keys)), len(keys))
    return len(keys)


def _write(keys: list[int]) -> None:
    """The words, with the concepts that were found before."""
    readings = Reading.objects.filter(pk__in=keys).only("pk", "body")
    concepts = Indexed.objects.filter(pk__in=keys).values_list("pk", "concepts")
    write_words(readings, dict(concepts))
