"""The erase list: ids of what was erased, in a file beside the database, so that no backup brings it back.

A database that is put back from a backup has forgotten erasures; this file has not. It holds ids, part names
and times, nothing personal, and is replayed before the node opens (actions/erasing.py).
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from kakehashi.signing.commit import parse_stamp, stamp

NAME = "erased.ndjson"


@dataclass(frozen=True)
class OwnLine:
    """Erased here, of an own record: `scope` (records.erasure) of all revisions up to `through`."""

    record: UUID
    scope: str
    through: int


@dataclass(frozen=True)
class LogLine:
    """An entry `erase` of a log, own or a partner's: `parts` of all revisions before `index`."""

    channel: str
    index: int
    record: UUID
    parts: tuple[str, ...]
    deadline: datetime


Line: TypeAlias = OwnLine | LogLine


def append(folder: Path, lines: Iterable[Line]) -> None:
    """Add lines; they are on the disk when this returns."""
    text = "".join(json.dumps(_plain(line)) + "\n" for line in lines)
    broken = _breaks_off(folder / NAME)
    with (folder / NAME).open("a", encoding="ascii") as file:
        file.write("\n" + text if broken else text)
        file.flush()
        os.fsync(file.fileno())


def _breaks_off(path: Path) -> bool:
    """True if a crash cut the last line short: what follows must not stand on it."""
    if length(path.parent) == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def read(folder: Path) -> Iterator[Line]:
    """All lines, oldest first; none if nothing was ever erased. One that broke off at a crash is left out."""
    path = folder / NAME
    if not path.exists():
        return
    for text in path.read_text("ascii").split("\n"):
        if text.endswith("}"):
            yield _line(json.loads(text))


@dataclass(frozen=True)
class Told:
    """What the list says: `entries` of logs, as channel and index; `own` erasures by record, oldest first."""

    entries: frozenset[tuple[str, int]]
    own: dict[UUID, list[OwnLine]]


def told(folder: Path) -> Told:
    """All lines at once, for whoever asks about many records."""
    entries, own = set(), dict[UUID, list[OwnLine]]()
    for line in read(folder):
        if isinstance(line, OwnLine):
            own.setdefault(line.record, []).append(line)
        else:
            entries.add((line.channel, line.index))
    return Told(frozenset(entries), own)


def length(folder: Path) -> int:
    """Bytes written so far: grows with every erasure."""
    path = folder / NAME
    return path.stat().st_size if path.exists() else 0


def _plain(line: Line) -> dict[str, object]:
    plain = {**asdict(line), "record": str(line.record)}
    return {**plain, "deadline": stamp(line.deadline)} if isinstance(line, LogLine) else plain


def _line(plain: dict[str, object]) -> Line:
    record = UUID(str(plain["record"]))
    if "scope" in plain:
        return OwnLine(record, str(plain["scope"]), int(str(plain["through"])))
    parts = plain["parts"]
    return LogLine(
        channel=str(plain["channel"]),
        index=int(str(plain["index"])),
        record=record,
        parts=tuple(map(str, parts)) if isinstance(parts, list) else (),
        deadline=parse_stamp(str(plain["deadline"])),
    )
