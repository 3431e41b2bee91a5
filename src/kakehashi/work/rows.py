"""Write many rows of one table with one prepared statement: the work of bulk_create at a fifth of its cost.

docs/adr/0005-rows-past-the-orm.md says why.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models
from django.db.models.expressions import RawSQL

Row = Sequence[Any]
Convert = Callable[[Any], Any]
AT_ONCE = 64  # rows of one statement: what SQLite does for each one besides writing it, it does once


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows whose values stand in the order of `columns` (Django's attnames, "channel_id").

    Where a row with the same `unique` columns is there already, its columns `update` are written anew; no
    two of the rows have the same. No default of the model is filled in: a column that is left out is null or
    refused by the database.
    """
    fields = list(zip(*rows, strict=True))
    if not fields:
        return
    kind = (model, tuple(columns), tuple(unique), tuple(update))
    shaped = [
        map(convert, values) if convert else values
        for convert, values in zip(_converts(model, tuple(columns), connection.vendor), fields, strict=True)
    ]
    ready = list(zip(*shaped, strict=True))
    whole = len(ready) - len(ready) % AT_ONCE
    together = [tuple(chain.from_iterable(ready[at : at + AT_ONCE])) for at in range(0, whole, AT_ONCE)]
    with connection.cursor() as cursor:
        if together:
            cursor.executemany(_statement(*kind, AT_ONCE), together)
        if ready[whole:]:
            cursor.executemany(_statement(*kind, 1), ready[whole:])


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write `columns` of rows that are there: each row their values, and its key at the end."""
    convert = _converts(model, (*columns, model._meta.pk.attname), connection.vendor)
    ready = [
        [each(value) if each else value for each, value in zip(convert, row, strict=True)] for row in rows
    ]
    if ready:
        with connection.cursor() as cursor:
            cursor.executemany(_renewal(model, tuple(columns)), ready)


def among(values: Iterable[UUID]) -> RawSQL:
    """Many keys for a lookup `__in`, as one parameter: each of its own costs more than the row it finds."""
    if connection.vendor == "sqlite":
        return RawSQL(
            "SELECT value FROM json_each(%s)", [orjson.dumps([each.hex for each in values]).decode()]
        )
    return RawSQL("SELECT unnest(%s::uuid[])", [list(values)])


def every_column(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table, the key included."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def of(instances: Iterable[Any], columns: Sequence[str]) -> Iterable[Row]:
    """The values of unsaved instances, or of what has the same attributes; two columns or more."""
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
def _statement(
    model: type[models.Model],
    columns: tuple[str, ...],
    unique: tuple[str, ...],
    update: tuple[str, ...],
    count: int,
) -> str:
    """That which inserts `count` rows."""
    named = {field.attname: f'"{field.column}"' for field in model._meta.concrete_fields}
    names, keys = (", ".join(named[each] for each in some) for some in (columns, unique))
    row = f"({', '.join(['%s'] * len(columns))})"
    statement = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join([row] * count)}'  # noqa: S608  # names
    if not unique:
        return statement
    renewal = ", ".join(f"{named[each]} = excluded.{named[each]}" for each in update)
    return f"{statement} ON CONFLICT ({keys}) DO UPDATE SET {renewal}"


@cache
def _renewal(model: type[models.Model], columns: tuple[str, ...]) -> str:
    named = {field.attname: f'"{field.column}"' for field in model._meta.concrete_fields}
    written = ", ".join(f"{named[each]} = %s" for each in columns)
    key = named[model._meta.pk.attname]
    return f'UPDATE "{model._meta.db_table}" SET {written} WHERE {key} = %s'  # noqa: S608  # names


@cache
def _converts(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> list[Convert | None]:
    """For each column how its values are handed to the database; None: as they are."""
    every = {field.attname: field for field in model._meta.concrete_fields}
    return [_CONVERTS[vendor].get(type(every[name])) for name in columns]


def _or_null(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


@lru_cache(maxsize=1024)
def _naive(moment: datetime) -> str:
    """As Django stores it in SQLite."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))


_json = _or_null(lambda value: orjson.dumps(value).decode())

# What the two drivers do not take as it is.
_CONVERTS: dict[str, dict[type, Convert]] = {
    "sqlite": {
        models.UUIDField: _or_null(attrgetter("hex")),
        models.DateTimeField: _or_null(_naive),
        models.JSONField: _json,
    },
    "postgresql": {models.JSONField: _json},
}
