"""Write many rows of one table with one prepared statement: the work of bulk_create at a fifth of its cost.

docs/adr/0005-rows-past-the-orm.md says why.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection, models
from psycopg.types.json import Jsonb

Row = Sequence[Any]
Convert = Callable[[Any], Any]


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows whose values stand in the order of `columns` (Django's attnames, "channel_id").

    Where a row with the same `unique` columns is there already, its columns `update` are written anew.
    No default of the model is filled in: a column that is left out is null or refused by the database.
    """
    statement, converts = _prepared(model, tuple(columns), tuple(unique), tuple(update), connection.vendor)
    fields = list(zip(*rows, strict=True))
    shaped = (
        [
            map(convert, values) if convert else values
            for convert, values in zip(converts, fields, strict=True)
        ]
        if fields
        else []
    )
    if fields:
        with connection.cursor() as cursor:
            cursor.executemany(statement, list(zip(*shaped, strict=True)))


def every_column(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table, the key included."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def of(instances: Iterable[models.Model], columns: Sequence[str]) -> Iterable[Row]:
    """The values of unsaved instances, two columns or more."""
    return map(attrgetter(*columns), instances)


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for `count` rows that the caller is about to insert, inside its transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # the one writer: nobody else takes keys before this commits
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            return list(range(last + 1, last + 1 + count))
        serial = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(serial, [f'"{table}"', count])
        return [row[0] for row in cursor.fetchall()]


@cache
def _prepared(
    model: type[models.Model],
    columns: tuple[str, ...],
    unique: tuple[str, ...],
    update: tuple[str, ...],
    vendor: str,
) -> tuple[str, list[Convert | None]]:
    """The statement, and for each column how its values are handed to the database."""
    every = {field.attname: field for field in model._meta.concrete_fields}
    names, keys, renewed = (
        [f'"{every[name].column}"' for name in each] for each in (columns, unique, update)
    )
    values = ", ".join(["%s"] * len(names))
    statement = f'INSERT INTO "{model._meta.db_table}" ({", ".join(names)}) VALUES ({values})'  # noqa: S608  # names
    if unique:
        renewal = ", ".join(f"{name} = excluded.{name}" for name in renewed)
        statement += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {renewal}"
    return statement, [_CONVERTS[vendor].get(type(every[name])) for name in columns]


def _or_null(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


@lru_cache(maxsize=1024)
def _naive(moment: datetime) -> str:
    """As Django stores it in SQLite."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))


# What the two drivers do not take as it is.
_CONVERTS: dict[str, dict[type, Convert]] = {
    "sqlite": {
        models.UUIDField: _or_null(attrgetter("hex")),
        models.DateTimeField: _or_null(_naive),
        models.JSONField: _or_null(lambda value: orjson.dumps(value).decode()),
    },
    "postgresql": {models.JSONField: _or_null(partial(Jsonb, dumps=orjson.dumps))},
}
