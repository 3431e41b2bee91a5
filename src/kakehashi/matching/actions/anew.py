"""Matches all readings at once: where many are due, that is far less work than one after the other.

So after a first import, and after a change of the glossary, of the encoder or of the basis. It writes what
`match_due` comes to one by one. Whoever changed while it was at work, or has such a partner, stays due.
"""

from collections import defaultdict
from datetime import datetime

import numpy as np
from django.db import transaction

from kakehashi.matching import pair
from kakehashi.matching.actions.rows import match_of, write_matches
from kakehashi.matching.allpairs import best_pairs
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.index import Mask
from kakehashi.matching.models import Indexed, Match
from kakehashi.matching.queries.due import serving_name
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.records.lifecycle import State

BATCH = 200  # records that are written in one transaction


def match_anew(*, most: int, now: datetime) -> int:
    """Find the `most` best of all published readings; gives how many are matched now."""
    stamps = _stamps()
    with MEMORY.corpus() as corpus:
        work = _Matching(corpus, stamps, most, now)
        return sum(work.write(own) for own in (True, False))


def _stamps(keys: list[int] | None = None) -> dict[int, int]:
    rows = Indexed.objects.filter(reading__state=State.PUBLISHED)
    rows = rows if keys is None else rows.filter(pk__in=keys)
    return dict(rows.values_list("pk", "stamp"))


class _Matching:
    """All that was found, by the numbers of the pairs, and the stamps of the texts in which it was found."""

    def __init__(self, corpus: Corpus, stamps: dict[int, int], most: int, now: datetime) -> None:
        self.corpus, self.stamps, self.most, self.now = corpus, stamps, most, now
        self.encoder = serving_name()
        told = corpus.told()
        meets = told.alive & told.judging.ever(told.stated)
        ones, others = (np.flatnonzero(meets & (told.own == own)) for own in (True, False))
        self.best = best_pairs(corpus, ones, others, most=most, floor=pair.FLOOR)
        self.pairs = self.best.pairs
        self.one, self.other = (corpus.keys[side].tolist() for side in (self.pairs.ones, self.pairs.others))

    def write(self, own: bool) -> int:
        """Each pair goes with its own record; by then all is there for those received, which are marked."""
        mine, theirs = (self.one, self.other) if own else (self.other, self.one)
        pairs: dict[int, list[int]] = defaultdict(list)
        for number, key in enumerate(mine):
            pairs[key].append(number)
        told = self.corpus.told()
        keys = told.key[told.alive & (told.own == own)].tolist()
        done = 0
        for first in range(0, len(keys), BATCH):
            part = {key: pairs[key] for key in keys[first : first + BATCH]}
            with transaction.atomic():
                there = self._unchanged({*part, *(theirs[n] for numbers in part.values() for n in numbers)})
                if own:
                    self._write(part, there)
                done += self._mark(part, theirs, self.best.of_one if own else self.best.of_other, there)
        return done

    def _unchanged(self, keys: set[int]) -> set[int]:
        now = _stamps(list(keys))
        return {key for key, stamp in now.items() if stamp == self.stamps.get(key)}

    def _write(self, part: dict[int, list[int]], there: set[int]) -> None:
        keys = part.keys() & there
        rows = Match.objects.filter(own__in=keys)
        present = {(match.own_id, match.other_id): match for match in rows}
        numbers = [number for key in keys for number in part[key] if self.other[number] in there]
        fresh = {(self.one[number], self.other[number]): self._row(number) for number in numbers}
        left = {ends: match for ends, match in present.items() if ends not in fresh}
        unchanged = self._unchanged({other for _, other in left})
        gone = [match.pk for (_, other), match in left.items() if other in unchanged]
        Match.objects.filter(pk__in=gone).delete()
        write_matches(fresh, present)

    def _row(self, number: int) -> Match:
        best, pairs = self.best, self.pairs
        ends = int(pairs.ones[number]), int(pairs.others[number])
        near = float(pairs.heads[number]), float(pairs.passages[number])
        found = pair.pair_of(self.corpus, *ends, *near, judged=True)
        row = match_of(found, self.encoder, self.corpus.basis.version, self.now)
        row.of_own, row.of_other = bool(best.of_one[number]), bool(best.of_other[number])
        return row

    def _mark(self, part: dict[int, list[int]], theirs: list[int], best: Mask, there: set[int]) -> int:
        """Say which records have their best, and what the last of these scores."""
        marked = []
        for key in part.keys() & there:
            mine = [number for number in part[key] if best[number]]
            if all(theirs[number] in there for number in mine):
                least = float(self.pairs.totals[mine].min()) if len(mine) == self.most else None
                marked.append(Indexed(pk=key, basis=self.corpus.basis.version, least=least))
        Indexed.objects.bulk_update(marked, ["basis", "least"])
        return len(marked)
