"""Full-text search: which records hold the words and concepts of a query, in SQLite's FTS5."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np
from django.db import connection

from kakehashi.errors import Conflict
from kakehashi.matching.index import Mask, Places

MOST = 300  # rows of one expression that are taken, those with it in the title first, then the newest
FEW = 5_000  # allowed records up to which the table itself is limited to them
ELSEWHERE = 0.8  # what a word counts that does not stand in the title
READ = 2_000  # rows that are fetched at a time
_PHRASE = re.compile(r'"([^"]*)"(\*?)')
_NONE = np.zeros(0, np.int64)


def supported() -> bool:
    """PostgreSQL's part of search comes later."""
    return connection.vendor == "sqlite"


def find(matches: Sequence[str], allowed: Mask, near: Places = _NONE) -> dict[int, float]:
    """Records whose keys are `allowed` and that match one of the FTS5 expressions of `matching.query`.

    The value is the share (0 to 1) of the expressions that a record matches, telling ones counting more. Of
    an expression that more than MOST match, those of the records `near` (allowed keys) are taken as well.
    Conflict on a database without the full-text table.
    """
    if not supported():
        raise Conflict("search on PostgreSQL is not there yet")
    total = int(np.count_nonzero(allowed))
    few = json.dumps(np.flatnonzero(allowed).tolist()) if total <= FEW else ""
    postings = [_rows(match, allowed, few) for match in matches]
    weights = [rarity(len(posting), total) for posting in postings]
    if len(near) and any(len(posting) >= MOST for posting in postings):
        held = _content(near)
        for match, posting in zip(matches, postings, strict=True):
            if len(posting) >= MOST:
                posting |= {key: share for key, *texts in held if (share := holds(match, *texts))}
    return shares(postings, weights)


def rarity(found: int, total: int) -> float:
    """How much an expression tells that `found` of `total` records match."""
    return math.log(1 + (total + 1) / (found + 0.5))


def shares(postings: Sequence[dict[int, float]], weights: Sequence[float]) -> dict[int, float]:
    """Which share of all weights each key of the postings gathers."""
    whole = math.fsum(weights)
    found: dict[int, float] = {}
    for posting, weight in zip(postings, weights, strict=True):
        for key, strength in posting.items():
            found[key] = found.get(key, 0.0) + strength * weight / whole
    return found


def holds(match: str, title: str, text: str, concepts: str) -> float:
    """What an expression of `matching.query` says of a row's tokens: 1 in the title, else ELSEWHERE, or 0."""
    columns, expression = match.split(" : ", 1)
    if columns == "concepts":
        return ELSEWHERE * _stands(expression, f" {concepts} ")
    return float(_stands(expression, f" {title} ")) or ELSEWHERE * _stands(expression, f" {title} \n {text} ")


def _stands(expression: str, tokens: str) -> bool:
    return any(
        all(f" {phrase}{'' if open_ else ' '}" in tokens for phrase, open_ in _PHRASE.findall(either))
        for either in expression.split(" OR ")
    )


def _rows(match: str, allowed: Mask, few: str) -> dict[int, float]:
    """Allowed records that match, at most MOST: 1 if in the title, else ELSEWHERE.

    What is not allowed takes no place among them: few allowed ones (as JSON) limit the table itself, of many
    the rows are read until enough of them are allowed.
    """
    found: dict[int, float] = {}
    if match.startswith("{title text}"):
        found = dict.fromkeys(_keys(match.replace("{title text}", "title", 1), allowed, few, MOST), 1.0)
    for key in _keys(match, allowed, few, 2 * MOST):
        if len(found) >= MOST:
            break
        found.setdefault(key, ELSEWHERE)
    return found


def _keys(match: str, allowed: Mask, few: str, most: int) -> Iterator[int]:
    """At most `most` allowed rows that match, the newest first."""
    # The plus keeps SQLite from asking the full-text table once for each allowed row.
    limit = "AND +rowid IN (SELECT value FROM json_each(%s))" if few else ""
    statement = f"SELECT rowid FROM matching_words WHERE matching_words MATCH %s {limit} ORDER BY rowid DESC"  # noqa: S608  # constants
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, [match, few] if few else [match])
        while most > 0 and (rows := cursor.fetchmany(min(READ, 4 * most))):
            keys = np.fromiter((row[0] for row in rows), np.int64, len(rows))
            keys = keys[keys < len(allowed)]
            good = keys[allowed[keys]][:most].tolist()
            most -= len(good)
            yield from good


def _content(keys: Places) -> list[tuple[int, str, str, str]]:
    """The tokens of rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, title, text, concepts FROM matching_words"
            " WHERE rowid IN (SELECT value FROM json_each(%s))",
            [json.dumps(keys.tolist())],
        )
        rows: list[tuple[int, str, str, str]] = cursor.fetchall()
    return rows
