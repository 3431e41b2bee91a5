"""Full-text search: which records hold the words and concepts of a query, in SQLite's FTS5."""

import json
import math
from collections.abc import Sequence

from django.db import connection

from kakehashi.errors import Conflict

MOST = 300  # rows of one word that are looked at, the best first
FEW = 5_000  # allowed records up to which the table itself is limited to them
TITLE, TEXT = 3.0, 1.0  # weights of the two columns in the order of the rows
ELSEWHERE = 0.8  # what a word counts that does not stand in the title


def supported() -> bool:
    """PostgreSQL's part of search comes later."""
    return connection.vendor == "sqlite"


def find(matches: Sequence[str], allowed: set[int]) -> dict[int, float]:
    """Records among `allowed` (keys) that match one of the FTS5 expressions.

    The value is the share (0 to 1) of the expressions that a record matches, telling ones counting more.
    Conflict on a database without the full-text table.
    """
    if not supported():
        raise Conflict("search on PostgreSQL is not there yet")
    postings = [_rows(match, allowed) for match in matches]
    weights = [math.log(1 + (len(allowed) + 1) / (len(posting) + 0.5)) for posting in postings]
    whole = math.fsum(weights)
    shares: dict[int, float] = {}
    for posting, weight in zip(postings, weights, strict=True):
        for key, strength in posting.items():
            shares[key] = shares.get(key, 0.0) + strength * weight / whole
    return shares


def _rows(match: str, allowed: set[int]) -> dict[int, float]:
    """Allowed records that match, the best MOST: 1 if in the title, else ELSEWHERE.

    What is not allowed takes no place among the MOST: few allowed ones limit the table itself, of many the
    rows are read until enough of them are allowed.
    """
    few = len(allowed) <= FEW
    limit = "AND rowid IN (SELECT value FROM json_each(%s))" if few else ""
    found: dict[int, float] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, bm25(matching_words, %s, 0.0, 0.0) FROM matching_words"  # noqa: S608  # constants
            f" WHERE matching_words MATCH %s {limit} ORDER BY bm25(matching_words, %s, %s, 1.0), rowid",
            [TITLE, match, *([json.dumps(list(allowed))] if few else []), TITLE, TEXT],
        )
        for key, title in cursor:
            if key in allowed:
                found[key] = 1.0 if title < -1e-9 else ELSEWHERE
                if len(found) == MOST:
                    break
    return found
