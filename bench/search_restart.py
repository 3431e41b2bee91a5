"""What a process that starts on a filled node does until it answers, and its answers: a child of search.

`python -m bench.search_restart NODE`: prints one JSON object. `first`: its first 54 questions, while much is
still to be read for the first time; `later`: 108 others, none asked before; `again`: the first 18 with
the one filter with which the others beside ours are asked, encoded before.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.harness import quantile

QUERIES = (
    "Antikörper-Wirkstoff-Konjugate",
    "固形がんに対する抗体",
    "AI drug discovery",
    "KI",
    "核酸",
    "癌",
    "Zelltherapie",
    "Wer sucht Partner für die Auftragsherstellung?",
    "再生医療の製造受託",
    "investors for start-ups",
    "Tubulis",
    "Förderung vor der Gründung",
    "blood-brain barrier",
    "血液脳関門",
    "Bioreaktor",
    "Osaka",
    "iPS",
    "radiopharmaceuticals",
)
FILTERS: tuple[dict[str, str], ...] = ({}, {"kind": "offer"}, {"side": "osaka", "topic": "oncology"})
BEST, PAGE = 10, 20


def main() -> None:
    os.environ |= {"KAKEHASHI_NODE": sys.argv[1], "DJANGO_SETTINGS_MODULE": "kakehashi.settings"}
    import django

    django.setup()
    from kakehashi import clock
    from kakehashi.accounts.viewer import PUBLIC
    from kakehashi.matching import queries

    now = clock.now()
    began, before = time.perf_counter(), time.process_time()
    queries.search(PUBLIC, "warm", queries.Filters(), now)
    ready, work = time.perf_counter() - began, time.process_time() - before
    first = _asked(QUERIES)
    memory = _memory()  # what follows looks at every row
    later = _asked(_questions())
    again = _asked(QUERIES, FILTERS[1:2], limit=BEST)
    figures = {"ready": ready, "ready worked": work, "memory": memory, **_scan(), "recall": _recall()}
    print(json.dumps({**figures, "first": first, "later": later, "again": again}))


def _asked(
    texts: Sequence[str], each: Sequence[dict[str, str]] = FILTERS, *, limit: int = PAGE
) -> dict[str, float]:
    """Milliseconds of each text with each filter, encoding included: by the clock, and of the processor."""
    from kakehashi import clock
    from kakehashi.accounts.viewer import PUBLIC
    from kakehashi.matching import queries

    now, taken, worked = clock.now(), [], []
    for filters in each:
        for text in texts:
            began, before = time.perf_counter(), time.process_time()
            queries.search(PUBLIC, text, queries.Filters(**filters), now, limit=limit)
            taken.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - before) * 1000)
    parts = {"": taken, " worked": worked}
    return {f"p{part}{name}": quantile(v, part / 100) for name, v in parts.items() for part in (50, 95)}


def _questions() -> list[str]:
    """As managers ask: whole questions in three languages, from the judged set."""
    said = map(
        json.loads, (Path(__file__).parent / "judged" / "queries.jsonl").read_text("utf-8").splitlines()
    )
    return [each["title"] for each in said if each["kind"] == "question"]


def _memory() -> float:
    """MiB in use, pages of mapped files that were touched included."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**20


def _scan() -> dict[str, float]:
    """Milliseconds in which a query is compared with the signs of all rows, and how many bytes they have."""
    from kakehashi.matching.queries.memory import MEMORY

    with MEMORY.corpus() as corpus:
        both = [rows._signs for rows in (corpus._heads, corpus._passages)]
        query = corpus.head(0)
        taken = []
        for _ in range(9):
            began = time.perf_counter()
            for signs in both:
                signs.nearest(query, BEST, np.ones(signs.codes.count, bool), None)
            taken.append((time.perf_counter() - began) * 1000)
        return {"scan": min(taken), "signs": sum(signs.codes.rows.nbytes for signs in both)}


def _recall() -> float:
    """Of the ten nearest rows, looked at each, the share that the search by signs finds."""
    from kakehashi.matching.queries.memory import MEMORY

    shares = []
    with MEMORY.corpus() as corpus:
        for rows in (corpus._heads, corpus._passages):
            everything = np.arange(rows.count)
            for place in np.random.default_rng(7).integers(rows.count, size=15):
                query = rows.values(np.array([place]))[0]
                exact = np.argsort(-rows.similarities(query, everything), kind="stable")[:BEST]
                found = rows.nearest(query, None, BEST)
                shares.append(len(np.intersect1d(exact, found)) / BEST)
    return float(np.mean(shares))


if __name__ == "__main__":
    main()
