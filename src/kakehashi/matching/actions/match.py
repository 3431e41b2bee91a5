"""Finds the matches of readings that are new or changed, among all of the other side.

The matches are a pure function of the records. A pair's score depends on its two records and the basis; a
pair is kept if it is among the MOST best of one of its ends. Work is due until every record's best were found
under the basis in force, and whoever may lose or gain a place among the best by what happens to another
record gets it in the same transaction or is due again.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from kakehashi.matching.actions.anew import match_anew
from kakehashi.matching.actions.leave import forget_unpublished
from kakehashi.matching.actions.rows import match_of, write_matches
from kakehashi.matching.actions.settle import settle
from kakehashi.matching.best import Rank, verdict
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.models import Indexed, Match
from kakehashi.matching.pair import Found, partners
from kakehashi.matching.queries import lists
from kakehashi.matching.queries.due import to_match
from kakehashi.matching.queries.lists import OTHER, OWN, Side
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.work import rows

BATCH = 25
MOST = 30  # the best of one record that are kept
MANY = 100  # due readings from which all are matched anew, if they are a tenth of all


def match_due(*, now: datetime, limit: int = 5_000, progress: Callable[[int], None] | None = None) -> int:
    """Match up to `limit` readings that wait; gives how many. `progress` gets the number done so far."""
    forget_unpublished()
    done = match_anew(most=MOST, now=now) if limit >= MANY and _many(settle(now=now)) else 0
    while done < limit:
        batch = list(to_match(settle(now=now))[: min(BATCH, limit - done)])
        if not batch:
            break
        _match(batch, now)
        done += len(batch)
        if progress:
            progress(done)
    return done


def _many(version: str) -> bool:
    due = to_match(version).count()
    return due >= MANY and 10 * due >= Indexed.objects.count()


@transaction.atomic
def _match(batch: list[Indexed], now: datetime) -> None:
    with MEMORY.corpus() as corpus:
        for row in batch:
            # Marked first: what one record of a batch does may make another due again. Not marked is what
            # changed or left meanwhile.
            marked = Indexed.objects.filter(pk=row.pk, stamp=row.stamp).update(basis=corpus.basis.version)
            if marked and row.reading_id in corpus.slots:
                _replace(corpus, row, now)


def _replace(corpus: Corpus, row: Indexed, now: datetime) -> None:
    """Find one record's pairs and write what they change; a pair that stays keeps its row, so its address."""
    found = partners(corpus, row.reading_id)
    side = OWN if corpus.is_own(found.mine) else OTHER
    held = Match.objects.filter(**{side.mine: row.reading_id})
    present = {getattr(match, f"{side.theirs}_id"): match for match in held}
    best = set(found.keys[:MOST])
    least = float(found.totals[MOST - 1]) if len(best) == MOST else None
    Indexed.objects.filter(pk=row.pk).update(least=least)
    if row.basis:  # only the basis is another: whoever was matched under it has seen this record as it is
        theirs = {key for key, match in present.items() if getattr(match, side.best_of_theirs)}
    else:
        theirs = _others_best(found, side, present)
    stays = {key: number for number, key in enumerate(found.keys) if key in best or key in theirs}
    Match.objects.filter(pk__in=[match.pk for key, match in present.items() if key not in stays]).delete()
    version = corpus.basis.version
    fresh = {key: match_of(found.pair(number), row.encoder, version, now) for key, number in stays.items()}
    for key, match in fresh.items():
        setattr(match, side.best, key in best)
        setattr(match, side.best_of_theirs, key in theirs)
    write_matches(fresh, present)


def _others_best(found: Found, side: Side, present: dict[int, Match]) -> set[int]:
    """Those among whose best a changed record is now; lists that cannot be told from here are due again."""
    version = found.corpus.basis.version
    at = {key: number for number, key in enumerate(found.keys)}
    was_in = {key for key, match in present.items() if getattr(match, side.best_of_theirs)}
    as_before = {
        key for key in was_in & at.keys() if _as_before(present[key], found.totals[at[key]], version)
    }
    looked_at = lists.standing(was_in - as_before, version) | lists.reached(
        {
            key: score
            for key, score in zip(found.keys, found.totals.tolist(), strict=True)
            if key not in was_in
        },
        version,
    )
    best_of = lists.best_of(looked_at.keys(), found.corpus.key(found.mine), side)
    now_in = was_in - looked_at.keys()
    unknown, evicted, leasts = [], [], {}
    for key in looked_at:
        rank, others = found.rank(at[key]) if key in at else None, best_of[key]
        said = verdict(rank, others, was_in=key in was_in, most=MOST)
        if said.evicts:
            evicted.append(others.pop(said.evicts))
        if rank and said.says != "out":
            now_in.add(key)
        if said.says == "unknown":
            unknown.append(key)
        leasts[key] = _least([*others, rank] if rank and said.says == "in" else others)
    Indexed.objects.filter(pk__in=unknown).update(basis="")
    changed = [(least, key) for key, least in leasts.items() if least != looked_at[key]]
    rows.update(Indexed, ["least"], changed)
    Match.objects.filter(pk__in=evicted).update(**{side.best_of_theirs: False})
    Match.objects.filter(pk__in=evicted, of_own=False, of_other=False).delete()
    return now_in


def _least(ranks: Collection[Rank]) -> float | None:
    """What is scored by the last of a full list."""
    return -max(ranks)[0] if len(ranks) == MOST else None


def _as_before(match: Match, score: float, basis: str) -> bool:
    return match.basis == basis and match.score == score
