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

Condition = tuple[str, list[str]]
Content = tuple[int, str, str, str]  # key, title, text, concepts


class Dialect(Protocol):
    """What a database says in its own way."""

    put: str  # a row, in place of the former one
    given: str  # names what is allowed, a byte a key, once for all parts of a statement
    allowed: str  # that the byte of `rowid` is 1
    listed: str  # keys in one text: a row a key would take three times as long
    texts: str  # key, title and text of the rows whose keys stand in a JSON list

    def condition(self, expression: Expression, *, title: bool) -> Condition: ...


class SQLite:
    """FTS5, whose MATCH knows columns, phrases and beginnings."""

    put = "REPLACE INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, %s)"
    given = "WITH allowed AS NOT MATERIALIZED (SELECT %s AS keys)"  # else it would be copied for each row
    allowed = "substr((SELECT keys FROM allowed), rowid + 1, 1) = x'01'"
    listed = "group_concat(rowid)"
    # From the table in which FTS5 keeps them: through FTS5 itself a row takes half as long again.
    texts = "SELECT id, c0, c1, '' FROM matching_words_content WHERE id IN (SELECT value FROM json_each(%s))"

    def condition(self, expression: Expression, *, title: bool) -> Condition:
        columns = "concepts" if expression.concepts else "title" if title else "{title text}"
        groups = (" AND ".join(map(self._phrase, group)) for group in expression.either)
        match = f"{columns} : ({' OR '.join(f'({group})' for group in groups)})"
        return "matching_words MATCH %s", [match]

    def _phrase(self, phrase: Phrase) -> str:
        return f'"{" ".join(phrase.tokens)}"{"*" * phrase.open}'


class PostgreSQL:
    """Columns of lexemes with a GIN index; what holds all tokens of a phrase is read for their order."""

    put = (
        "INSERT INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (rowid) DO UPDATE SET"
        " title = excluded.title, text = excluded.text, concepts = excluded.concepts"
    )
    given = "WITH allowed AS MATERIALIZED (SELECT %s::bytea AS keys)"
    allowed = r"substr((SELECT keys FROM allowed), rowid::integer + 1, 1) = '\x01'::bytea"
    listed = "string_agg(rowid::text, ',')"
    texts = (
        "SELECT rowid, title, text, '' FROM matching_words WHERE rowid = ANY(ARRAY("
        "SELECT value::bigint FROM json_array_elements_text(%s::json)))"
    )

    def condition(self, expression: Expression, *, title: bool) -> Condition:
        column = "named" if expression.concepts else "titled" if title else "said"
        written = "' ' || title || ' '" if title else r"' ' || title || E' \n ' || text || ' '"
        groups, values = [], []
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


def found(
    expressions: Sequence[Expression], allowed: Mask, most: int
) -> dict[tuple[Expression, bool], Places]:
    """The keys that each expression finds among `allowed` (by key), the newest first and `most` of them.

    By expression and whether it is in the title alone, which of concepts nobody asks. One statement for all,
    in which the database itself looks up who is allowed: it stops at `most`, and tells of nobody else.
    """
    if not expressions or not allowed.any():
        return {}
    dialect, first = _dialect(), int(allowed.argmax())
    asked = [
        (each, title) for each in expressions for title in ((False,) if each.concepts else (False, True))
    ]
    parts: list[str] = []
    values: list[Any] = [allowed.tobytes()]
    for expression, title in asked:
        condition, told = dialect.condition(expression, title=title)
        parts.append(_part(dialect, len(parts), condition))
        values += [*told, first, most]
    listed = dict(_answer(f"{dialect.given} {' UNION ALL '.join(parts)}", values))
    return {each: _keys(listed[number]) for number, each in enumerate(asked)}


def _part(dialect: Dialect, number: int, condition: str) -> str:
    rows = f"SELECT rowid FROM matching_words WHERE {condition} AND rowid >= %s AND {dialect.allowed}"  # noqa: S608  # constants
    return f"SELECT {number}, {dialect.listed} FROM ({rows} ORDER BY rowid DESC LIMIT %s) AS found"  # noqa: S608  # constants


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
