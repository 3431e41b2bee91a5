"""All pairs at once beside plain products of matrices, and how soon a new record has its matches.

PAIRS own offers against as many requests received, the ten best of each with all components of the score;
then a node of KAKEHASHI_BENCH_MATCHED records, all of them matched (at 100,000 that takes some minutes), to
which new ones come. Made records are mixtures of real ones (bench.bulk), on both sides of the same.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bench import bulk, database
from bench.harness import Figure, publish, quantile
from bench.search import _enter, _limits, say

PAIRS = int(os.environ.get("PAIRS", "20000"))
MATCHED = int(os.environ.get("KAKEHASHI_BENCH_MATCHED", "100000"))
BEST, BLOCK, NEW = 10, 1_000, 24
NOTES = ["numpy and usearch compare one vector a record: without passages, components and conditions"]


def main() -> None:
    """A node in a temporary folder, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        _enter(Path(folder), "")
        from kakehashi import clock

        now = clock.now()
        bulk.base(now)
        real = bulk.sources()
        figures = [*_all_pairs(real), *_new_records(real, now)]
    publish("pairs", figures, NOTES)


def _all_pairs(real: list[bulk.Source]) -> Iterator[Figure]:
    from kakehashi.matching.allpairs import best_pairs
    from kakehashi.matching.pair import FLOOR

    say(f"{PAIRS:,} × {PAIRS:,}")
    corpus = _corpus(real)
    told = corpus.told()
    ones, others = np.flatnonzero(told.own), np.flatnonzero(~told.own)
    limit = list(_limits())[-1]
    Path("/proc/self/clear_refs").write_text("5")  # the most that was held begins anew
    held = _memory("VmRSS")
    taken, worked, best = _timed(lambda: best_pairs(corpus, ones, others, most=BEST, floor=FLOOR))
    name, sums = f"{PAIRS:,} × {PAIRS:,}", 2 * PAIRS**2 * corpus.dimension / 1e9
    yield limit
    yield Figure(f"ten best both ways with all components, {name}", taken, "s", "8 at 20,000")
    yield Figure(f"… processor time, {name}", worked, "s")
    yield Figure(f"… memory beside what was there, {name}", _memory("VmHWM") - held, "MiB", "500")
    yield Figure(f"… pairs found, {name}", len(best.pairs.ones), "")
    alone = sums / limit.value
    yield Figure(
        "product of the heads alone, at the limit", alone, "s", "", alone / taken, "its time by ours"
    )
    rows = told.heads.rough(ones), told.heads.rough(others)
    for rival, search in (("numpy", _numpy), *((("usearch", _usearch),) if find_spec("usearch") else ())):
        theirs, _, _ = _timed(lambda search=search: search(*rows))
        yield Figure(
            f"{rival}: ten nearest both ways, {name}", theirs, "s", "", theirs / taken, "its time by ours"
        )


def _corpus(real: list[bulk.Source]) -> Any:
    """In memory alone; the vectors of two real records each, with noise, and what both say."""
    from kakehashi.matching import basis
    from kakehashi.matching.centre import Centres
    from kakehashi.matching.corpus import Corpus

    chance = np.random.default_rng(0)
    entries = [_entry(number, real, chance) for number in range(2 * PAIRS)]
    sample = sorted(entries, key=lambda entry: entry.place)[: basis.SAMPLE]
    dimension = len(real[0].head[1])
    corpus = Corpus(dimension, basis.settle("bench", sample, Centres(), dimension))
    corpus.put(entries)
    return corpus


def _entry(number: int, real: list[bulk.Source], chance: Any) -> Any:
    from kakehashi.matching.basis import Entry, place_of
    from kakehashi.matching.queries.basis import thaw

    kind, side = (("offer", "munich"), ("request", "osaka"))[number % 2]
    stated = [source for source in real if source.reading.kind == kind]
    one, other = (real[place] for place in chance.integers(len(real), size=2))
    facts = thaw(stated[chance.integers(len(stated))].indexed.facts)
    topics = {*one.indexed.facts["topics"][:2], *other.indexed.facts["topics"][:1]}
    concepts = [*one.indexed.concepts, *other.indexed.concepts]
    lang, head = one.head
    passages = [_mixed(vector, other.head[1], chance) for _, vector in one.passages]
    return Entry(
        key=number + 1,
        place=place_of("bench", str(number)),
        own=number % 2 == 0,
        facts=replace(facts, side=side, topics=tuple(sorted(topics)), open_for_interest=True),
        heads={lang: _mixed(head, other.head[1], chance)},
        passages=np.stack(passages) if passages else np.zeros((0, len(head)), np.float32),
        passage_langs=tuple(lang for lang, _ in one.passages),
        concepts=frozenset(concept for concept in concepts if chance.random() < 0.6),
        words=frozenset(one.indexed.words),
    )


def _mixed(vector: Any, second: Any, chance: Any) -> Any:
    noise = chance.normal(size=len(vector)).astype(np.float32)
    mixed = vector + bulk.SECOND * second + bulk.NOISE * 2**0.5 * noise / np.linalg.norm(noise)
    return mixed / np.linalg.norm(mixed)


def _numpy(ones: Any, others: Any) -> None:
    """Products of blocks, and of each the best ten of its rows; the other way round once more."""
    for mine, theirs in ((ones, others), (others, ones)):
        for first in range(0, len(mine), BLOCK):
            np.argpartition(mine[first : first + BLOCK] @ theirs.T, -BEST, axis=1)[:, -BEST:].copy()


def _usearch(ones: Any, others: Any) -> None:
    from usearch.index import MetricKind, search

    for mine, theirs in ((ones, others), (others, ones)):
        search(theirs, mine, BEST, MetricKind.IP, exact=True)


def _new_records(real: list[bulk.Source], now: datetime) -> Iterator[Figure]:
    """Each comes to a node where every list is full, and is matched by itself."""
    from kakehashi.matching import actions
    from kakehashi.matching.models import Indexed, Match
    from kakehashi.records.models import Reading

    have = Reading.objects.count()
    say(f"{MATCHED:,} records")
    bulk.grow(have, MATCHED, real, now)
    say("all of them matched")
    taken, worked, _ = _timed(lambda: actions.match_due(now=now))
    yield Figure(f"all matched anew and written, {MATCHED:,}", taken, "s")
    yield Figure(f"… processor time, {MATCHED:,}", worked, "s")
    yield Figure(f"… matches kept, {MATCHED:,}", Match.objects.count(), "")
    bulk.grow(MATCHED, MATCHED + NEW, real, now)
    database.fill_fast()
    due = Indexed.objects.filter(basis="", facts__kind__in=("offer", "request", "academic", "practice"))
    Indexed.objects.filter(basis="").exclude(pk__in=due.values("pk")).update(basis=actions.settle(now=now))
    each = [_timed(lambda: actions.match_due(now=now, limit=1)) for _ in range(due.count())]
    for said, place in (("", 0), (", processor time", 1)):
        middle = quantile([one[place] * 1_000 for one in each], 0.5)
        yield Figure(
            f"one new record matched to all{said}, {MATCHED:,}", middle, "ms", "" if said else "50 at 100,000"
        )


def _timed(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds, seconds of processor time, and what the call gave."""
    began, before = time.perf_counter(), time.process_time()
    found = call()
    return time.perf_counter() - began, time.process_time() - before, found


def _memory(said: str) -> float:
    """What Linux says of this process' memory, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(said))


if __name__ == "__main__":
    main()
