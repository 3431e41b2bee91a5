"""Sockets for folders above: code that must run inside the transaction of a change here.

The exchange appends to its logs when an own record changes or is erased; matching writes its search rows when
readings change; the quality check may object to a publication. None of them may be imported from here
(folders import downward only), so they plug in when their apps are ready.
docs/adr/0003-ports-instead-of-signals.md says why this is no signal: one named list, called in order, in the
open, whose errors undo the change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from kakehashi.records.erasure import Scope
from kakehashi.records.kinds import KINDS
from kakehashi.records.models import Reading, Record
from kakehashi.records.schema import Problems


@dataclass(frozen=True)
class Erasure:
    """That `scope` of an own record is erased on the legal `basis`; `through`: its newest revision then."""

    record: Record
    scope: Scope
    basis: str
    through: int


RecordChanged: TypeAlias = Callable[[Record, datetime], None]
RecordErased: TypeAlias = Callable[[Erasure, datetime], None]
ReadingsChanged: TypeAlias = Callable[[Sequence[Reading], bool], None]  # True: they are gone
SightChanged: TypeAlias = Callable[[Sequence[int]], None]
Objection: TypeAlias = Callable[[Mapping[str, Any], datetime], Problems]

_records: list[RecordChanged] = []
_erased: list[RecordErased] = []
_readings: list[ReadingsChanged] = []
_sights: list[SightChanged] = []
_objections: list[Objection] = []


def on_record(call: RecordChanged) -> None:
    """Plug in: `call(record, now)` after each change of an own record."""
    if call not in _records:
        _records.append(call)


def on_erased(call: RecordErased) -> None:
    """Plug in: `call(erasure, now)` while an own record is erased; its row is still there."""
    if call not in _erased:
        _erased.append(call)


def on_readings(call: ReadingsChanged) -> None:
    """Plug in: `call(readings, gone)` when readings were written, with their passages, or before they go."""
    if call not in _readings:
        _readings.append(call)


def on_sight(call: SightChanged) -> None:
    """Plug in: `call(keys)` after passages were written or closed: who sees these readings may be others."""
    if call not in _sights:
        _sights.append(call)


def on_publication(call: Objection) -> None:
    """Plug in: `call(body, now)` gives what must be mended before that is published, codes by field.

    Their sentences are said by `records.sentences.learn`.
    """
    if call not in _objections:
        _objections.append(call)


def record_changed(record: Record, now: datetime) -> None:
    for call in _records:
        call(record, now)


def record_erased(erasure: Erasure, now: datetime) -> None:
    for call in _erased:
        call(erasure, now)


def readings_changed(readings: Sequence[Reading], *, gone: bool = False) -> None:
    shown = [reading for reading in readings if reading.kind in KINDS]
    for call in _readings if shown else ():
        call(shown, gone)


def sight_changed(keys: Sequence[int]) -> None:
    for call in _sights if keys else ():
        call(keys)


def objections(body: Mapping[str, Any], now: datetime) -> Problems:
    """All that stands against publishing `body`, by field; empty if nothing does."""
    found: Problems = {}
    for call in _objections:
        for field, codes in call(body, now).items():
            found.setdefault(field, []).extend(codes)
    return found
