"""The table of full-text search, `matching_words`, in the SQL of SQLite (FTS5) and of PostgreSQL (GIN).

One row a reading: its tokens, made in Python and parted by spaces, so that both databases find the same. Only
what their SQL says differently stands in the dialects; migration 0002 makes the table.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from django.db import connection

from kakehashi.matching.expression import Expression, Phrase
from kakehashi.matching.index import Places

READ = 2_000  # rows that are read at a time
GROWTH = 8
LAST = 2**62  # above every key
Condition = tuple[str, list[str]]
Content = tuple[int, str, str, str]  # key, title, text, concepts


class Dialect(Protocol):
    """What a database says in its own way."""

    put: str  # a row, in place of the former one
    within: str  # `rowid` among keys
    within_found: str  # the same of rows that an expression found
    brackets: tuple[str, str]  # around keys, as it takes them
    listed: str  # keys in one text: a row a key would take three times as long

    def condition(self, expression: Expression, *, title: bool) -> Condition: ...


class SQLite:
    """FTS5, whose MATCH knows columns, phrases and beginnings."""

    put = "REPLACE INTO matching_words (rowid, title, text, concepts) VALUES (%s, %s, %s, %s)"
    within = "rowid IN (SELECT value FROM json_each(%s))"
    within_found = f"+{within}"  # the plus keeps it from asking the table once for each key
    brackets = ("[", "]")
    listed = "group_concat(rowid)"

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
    within = within_found = "rowid = ANY(%s::bigint[])"
    brackets = ("{", "}")
    listed = "string_agg(rowid::text, ',')"

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


def keys(places: Places) -> str:
    """Keys as the database takes them: thousands are written once, not anew for each expression."""
    first, last = _dialect().brackets
    return f"{first}{','.join(map(str, places.tolist()))}{last}"


def content(within: str, *, texts: bool = True) -> list[Content]:
    """Key, title, text and concepts of rows; without `texts` the concepts alone."""
    columns = "title, text" if texts else "'', ''"
    statement = f"SELECT rowid, {columns}, concepts FROM matching_words WHERE {_dialect().within}"  # noqa: S608  # constants
    return _answer(statement, [within])


def found(
    expression: Expression, within: str = "", *, title: bool = False, at_once: int = READ
) -> Iterator[Places]:
    """The keys that an expression finds, the newest first, up to `at_once` at a time, then ever more.

    More, because the beginning of a word is looked up anew each time, with all that it finds.
    `within`: these `keys` alone. `title`: in the title alone.
    """
    dialect = _dialect()
    condition, values = dialect.condition(expression, title=title)
    if within:
        condition, values = f"{condition} AND {dialect.within_found}", [*values, within]
    rows = f"SELECT rowid FROM matching_words WHERE {condition} AND rowid < %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608  # constants
    statement = f"SELECT {dialect.listed} FROM ({rows}) AS found"  # noqa: S608  # constants
    below = LAST
    while listed := _answer(statement, [*values, below, at_once])[0][0]:
        places = np.sort(np.fromstring(listed, np.int64, sep=","))[::-1]
        yield places
        if len(places) < at_once:
            return
        below, at_once = int(places[-1]), GROWTH * at_once


def _dialect() -> Dialect:
    return DIALECTS[connection.vendor]


def _answer(statement: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows
