"""What pgvector would do for search: the nearest records, by HNSW and by reading all, beside the memory's.

All look for the CANDIDATES nearest of the same vectors, among all records and among one in a hundred. The
memory looks through heads and passages, pgvector through the heads alone.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from bench import database
from bench.harness import Figure, quantile

QUERIES = 60
RARE = 100  # one record in so many passes the filter
SETTINGS = (
    "SET hnsw.ef_search = 400",  # at as many as are asked for it finds fewer
    "SET hnsw.iterative_scan = strict_order",
    "SET maintenance_work_mem = '1GB'",
    "SET work_mem = '64MB'",
    "SET enable_seqscan = off",  # or the planner reads all when there are few
)
INDEX = "CREATE INDEX bench_near ON bench_heads USING hnsw (head halfvec_ip_ops)"
NEAREST = "SELECT slot FROM bench_heads {} ORDER BY head <#> %s::halfvec LIMIT %s"
Ask = Callable[[Any], Any]


def figures(size: int) -> Iterator[Figure]:
    """Nothing on SQLite, or where the server has no pgvector."""
    from django.db import connection

    from kakehashi.matching.queries.memory import MEMORY

    if connection.vendor != "postgresql" or not database.extension("vector"):
        return
    with MEMORY.corpus() as corpus:
        heads = np.stack([corpus.head(slot) for slot in range(corpus.size)]).astype(np.float16)
        _fill(heads)
        yield from _compared(corpus, heads, "pgvector reads all", size)
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for setting in (*SETTINGS, INDEX):
                cursor.execute(setting)
            yield Figure(f"pgvector HNSW made, {size:,}", time.perf_counter() - began, "s")
            cursor.execute("SELECT pg_relation_size('bench_near') / 1048576.0")
            yield Figure(f"pgvector HNSW, {size:,}, its size", float(cursor.fetchone()[0]), "MiB")
        yield from _compared(corpus, heads, "pgvector HNSW", size)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_heads")


def _fill(heads: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_heads (slot integer, rare boolean, head halfvec({heads.shape[1]}))"
        )
        with cursor.cursor.copy("COPY bench_heads FROM STDIN") as copy:
            for slot, head in enumerate(heads):
                copy.write_row((slot, slot % RARE == 0, _written(head)))
        cursor.execute("ANALYZE bench_heads")


def _written(vector: Any) -> str:
    return f"[{','.join(map(str, vector.tolist()))}]"


def _compared(corpus: Any, heads: Any, name: str, size: int) -> Iterator[Figure]:
    """Time of both, and the share of the exact answer that pgvector gives."""
    from kakehashi.matching.queries.search import CANDIDATES

    chance = np.random.default_rng(size)
    asked = heads[chance.integers(len(heads), size=QUERIES)].astype(np.float32)
    for rare in (False, True):
        mask = np.arange(len(heads)) % RARE == 0 if rare else np.ones(len(heads), bool)
        places = np.flatnonzero(mask)
        among = f", {size:,}" + (", one in a hundred allowed" if rare else "")
        statement = NEAREST.format("WHERE rare" if rare else "")
        exact = [set(places[np.argsort(-(heads[mask] @ query))[:CANDIDATES]].tolist()) for query in asked]
        _, ours = _timed(asked, lambda query, mask=mask: corpus.nearest(query, mask, CANDIDATES))
        found, theirs = _timed(asked, lambda query, said=statement: _answer(said, query, CANDIDATES))
        share = np.mean(
            [len(set(each) & whole) / len(whole) for each, whole in zip(found, exact, strict=True)]
        )
        memory = quantile(ours, 0.5)
        yield Figure(f"{name}{among}, p50", quantile(theirs, 0.5), "ms", "", quantile(theirs, 0.5) / memory,
                     f"the memory's {memory:.2f} ms")  # fmt: skip
        yield Figure(f"{name}{among}, of the exact answer", float(share), "")


def _timed(asked: Any, ask: Ask) -> tuple[list[Any], list[float]]:
    answers, seconds = [ask(asked[0])], []
    for query in asked:
        began = time.perf_counter()
        answers.append(ask(query))
        seconds.append((time.perf_counter() - began) * 1000)
    return answers[1:], seconds


def _answer(statement: str, query: Any, most: int) -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, [_written(query.astype(np.float16)), most])
        return [row[0] for row in cursor.fetchall()]
