"""Finds the matches of readings that are new or changed, among all of the other side."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from kakehashi.matching.corpus import Corpus
from kakehashi.matching.models import Indexed, Match
from kakehashi.matching.pair import Pair, partners
from kakehashi.matching.queries.due import to_match
from kakehashi.matching.queries.memory import MEMORY

BATCH = 25


def match_due(*, now: datetime, limit: int = 5_000, progress: Callable[[int], None] | None = None) -> int:
    """Match up to `limit` readings that wait; gives how many. `progress` gets the number done so far."""
    done = 0
    while done < limit:
        batch = list(to_match()[: min(BATCH, limit - done)])
        if not batch:
            break
        _match(batch, now)
        done += len(batch)
        if progress:
            progress(done)
    return done


@transaction.atomic
def _match(batch: list[Indexed], now: datetime) -> None:
    with MEMORY.corpus() as corpus:
        for row in batch:
            if row.reading_id in corpus.slots:
                _replace(corpus, row, now)
    for row in batch:  # not those that changed meanwhile
        Indexed.objects.filter(pk=row.pk, stamp=row.stamp).update(matched=True)


def _replace(corpus: Corpus, row: Indexed, now: datetime) -> None:
    """Write the pairs of one reading; a pair that stays keeps its row, and so its address."""
    own = corpus.at(corpus.slots[row.reading_id]).own
    mine, theirs = ("own", "other") if own else ("other", "own")
    present = Match.objects.filter(**{mine: row.reading_id})
    pairs = partners(corpus, row.reading_id, keep=set(present.values_list(f"{theirs}_id", flat=True)))
    present.exclude(**{f"{theirs}__in": [pair.other if own else pair.one for pair in pairs]}).delete()
    Match.objects.bulk_create(
        [_row(pair, row.encoder, corpus.means.version, now) for pair in pairs],
        update_conflicts=True,
        unique_fields=["own", "other"],
        update_fields=["score", "components", "conditions", "encoder", "means", "computed_at"],
    )


def _row(pair: Pair, encoder: str, means: str, now: datetime) -> Match:
    return Match(
        own_id=pair.one,
        other_id=pair.other,
        score=pair.score.total,
        components=[asdict(component) for component in pair.score.components],
        conditions=[asdict(condition) for condition in pair.conditions],
        encoder=encoder,
        means=means,
        computed_at=now,
    )
