"""Two sockets for folders above: code that must run inside the transaction of a change here.

The exchange appends to its logs when an own record changes; matching writes its search rows when a
reading changes. Neither may be imported from here (folders import downward only), so they plug in when
their apps are ready. docs/adr/0003-ports-instead-of-signals.md says why this is no signal: one named
list, called in order, in the open, whose errors undo the change.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from kakehashi.records.models import Reading, Record

RecordChanged: TypeAlias = Callable[[Record, datetime], None]
ReadingChanged: TypeAlias = Callable[[Reading, bool], None]  # True: it is gone

_records: list[RecordChanged] = []
_readings: list[ReadingChanged] = []


def on_record(call: RecordChanged) -> None:
    """Plug in: `call(record, now)` after each change of an own record."""
    if call not in _records:
        _records.append(call)


def on_reading(call: ReadingChanged) -> None:
    """Plug in: `call(reading, gone)` after a reading was written, or before it is removed."""
    if call not in _readings:
        _readings.append(call)


def record_changed(record: Record, now: datetime) -> None:
    for call in _records:
        call(record, now)


def reading_changed(reading: Reading, *, gone: bool = False) -> None:
    for call in _readings:
        call(reading, gone)
