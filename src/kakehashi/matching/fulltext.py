"""The table of full-text search, `matching_words`, in the SQL of SQLite (FTS5) and of PostgreSQL (GIN).

One row a reading: its tokens, made in Python and parted by spaces, so that both databases find the same. Only
what their SQL says differently stands in the dialects; migration 0002 makes the table.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import orjson
from django.db import connection

from kakehashi.matching.expression import Expression, Phrase
from kakehashi.matching.index import Mask, Places

# PostgreSQL: allowed keys up to which it is asked for these alone; how many more rows than are wanted it
# hands on at a time, at most at first, and by how much more the next time.
FEW = 5_000
SPARE, LONGEST, GROWTH = 1.5, 20_000, 8
LAST = 2**62  # above every key
Asked = tuple[Expression, bool]  # and whether in the title alone
Content = tuple[int, str, str, str]  # key, title, text, concepts


class Dialect(Protocol):
    """What a database says in its own way."""

    put: str  # a row, in place of the former one
    texts: str  # key, title and text of the rows whose keys stand in a JSON list

    def found(self, asked: Sequence[Asked], allowed: Mask, most: int) -> list[Places]: ...


class SQLite:
    """FTS5, whose MATCH knows columns, phrases and beginnings."""

    put = "REPLACE INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, %s)"
    # From the table in which FTS5 keeps them: through FTS5 itself a row takes half as long again.
    texts = "SELECT id, c0, c1, '' FROM matching_words_content WHERE id IN (SELECT value FROM json_each(%s))"

    def found(self, asked: Sequence[Asked], allowed: Mask, most: int) -> list[Places]:
        """One statement for all, which looks up itself who is allowed, a byte a key: it stops at `most`."""
        values: list[Any] = [allowed.tobytes()]
        for expression, title in asked:
            values += [self._match(expression, title=title), int(allowed.argmax()), most]
        rows = (
            "SELECT rowid FROM matching_words WHERE matching_words MATCH %s AND rowid >= %s"
            " AND substr((SELECT keys FROM allowed), rowid + 1, 1) = x'01' ORDER BY rowid DESC LIMIT %s"
        )
        parts = (f"SELECT {number}, group_concat(rowid) FROM ({rows})" for number in range(len(asked)))  # noqa: S608  # constants
        given = "WITH allowed AS NOT MATERIALIZED (SELECT %s AS keys)"  # else it would be copied for each row
        return [
            _keys(listed) for _, listed in sorted(_answer(f"{given} {' UNION ALL '.join(parts)}", values))
        ]

    def _match(self, expression: Expression, *, title: bool) -> str:
        columns = "concepts" if expression.concepts else "title" if title else "{title text}"
        groups = (" AND ".join(map(self._phrase, group)) for group in expression.either)
        return f"{columns} : ({' OR '.join(f'({group})' for group in groups)})"

    def _phrase(self, phrase: Phrase) -> str:
        return f'"{" ".join(phrase.tokens)}"{"*" * phrase.open}'


class PostgreSQL:
    """Columns of lexemes with a GIN index; what holds all tokens of a phrase is read for their order."""

    put = (
        "INSERT INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (rowid) DO UPDATE SET"
        " title = excluded.title, text = excluded.text, concepts = excluded.concepts"
    )
    texts = (
        "SELECT rowid, title, text, '' FROM matching_words WHERE rowid = ANY(ARRAY("
        "SELECT value::bigint FROM json_array_elements_text(%s::json)))"
    )

    def found(self, asked: Sequence[Asked], allowed: Mask, most: int) -> list[Places]:
        """Of few allowed these alone; of many the rows are read until enough of them are allowed.

        Its planner knows how frequent a word is, and not who is allowed: asked for both, it goes astray.
        """
        total = int(np.count_nonzero(allowed))
        keys, at_once = None, min(int(most * SPARE * len(allowed) / total), LONGEST)
        if total <= FEW:
            keys, at_once = np.flatnonzero(allowed).tolist(), most
        return [self._first(each, allowed, most, keys, at_once) for each in asked]

    def _first(self, asked: Asked, allowed: Mask, most: int, keys: list[int] | None, at_once: int) -> Places:
        condition, values = self._condition(asked[0], title=asked[1])
        if keys is not None:
            condition, values = f"{condition} AND rowid = ANY(%s::bigint[])", [*values, keys]
        rows = (
            f"SELECT rowid FROM matching_words WHERE {condition} AND rowid < %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608  # constants
        )
        statement = f"SELECT string_agg(rowid::text, ',') FROM ({rows}) AS found"  # noqa: S608  # constants
        found, below = _keys(None), LAST
        while True:
            read = _keys(_answer(statement, [*values, below, at_once])[0][0])
            fits = read[read < len(allowed)]
            found = np.concatenate([found, fits[allowed[fits]]])[:most]
            if len(found) == most or len(read) < at_once:
                return found
            below, at_once = int(read[-1]), GROWTH * at_once

    def _condition(self, expression: Expression, *, title: bool) -> tuple[str, list[Any]]:
        column = "named" if expression.concepts else "titled" if title else "said"
        written = "' ' || title || ' '" if title else r"' ' || title || E' \n ' || text || ' '"
        groups: list[str] = []
        values: list[Any] = []
        for group in expression.either:
            parts = [f"{column} @@ %s::tsquery"]
            values.append(" & ".join(map(self._lexemes, group)))
            for phrase in (phrase for phrase in group if len(phrase.tokens) > 1):
                parts.append(f"strpos({written}, %s) > 0")
                values.append(f" {' '.join(phrase.tokens)}{'' if phrase.open else ' '}")
            groups.append(" AND ".join(parts))
        return f"({' OR '.join(groups)})", values

    def _lexemes(self, phrase: Phrase) -> str:
        *first, last = (f"'{token}'" for token in phrase.tokens)
        return " & ".join([*first, f"{last}:*" if phrase.open else last])


DIALECTS: dict[str, Dialect] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def put(rows: Iterable[Content]) -> None:
    """Write rows, each key once, in place of what stood there.

    By their keys: before a key that is lower than the last, FTS5 writes all that it has gathered to the disk
    as a part of its index. From the highest to the lowest that takes eight times as long.
    """
    with connection.cursor() as cursor:
        cursor.executemany(_dialect().put, sorted(rows))


def put_concepts(key: int, concepts: str) -> None:
    """Write the concepts of a row."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_words SET concepts = %s WHERE rowid = %s", [concepts, key])


def drop(keys: Iterable[int]) -> None:
    """Take rows out."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM matching_words WHERE rowid = %s", [(key,) for key in sorted(keys)])


def texts(keys: Places) -> list[Content]:
    """What stands in rows, without their concepts."""
    return _answer(_dialect().texts, [orjson.dumps(keys.tolist()).decode()])


def found(expressions: Sequence[Expression], allowed: Mask, most: int) -> dict[Asked, Places]:
    """The keys that each expression finds among `allowed` (by key), the newest first and `most` of them.

    By expression and whether it is in the title alone, which of concepts nobody asks.
    """
    asked = [
        (each, title) for each in expressions for title in ((False,) if each.concepts else (False, True))
    ]
    if not asked or not allowed.any():
        return {}
    return dict(zip(asked, _dialect().found(asked, allowed, most), strict=True))


def _keys(listed: str | None) -> Places:
    """Keys out of one text, the highest first."""
    return np.sort(np.fromstring(listed, np.int64, sep=","))[::-1] if listed else np.zeros(0, np.int64)


def _dialect() -> Dialect:
    return DIALECTS[connection.vendor]


def _answer(statement: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows
