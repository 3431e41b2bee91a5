"""The snapshot of this node's search that is in force: a file that who starts maps into memory.

Which one is in force stands in the database: the row of Change for the reading 0, which there never is, has
the number of the file. So a database put back to an earlier state, or a file of another one, never meet.
What changed since is read from the tables as always.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kakehashi import this
from kakehashi.matching.column import Column
from kakehashi.matching.models import Change
from kakehashi.matching.snapshot import Snapshot

NOBODY = 0  # the key that no reading has
FOLDER, ENDING = "search", ".snapshot"


def folder() -> Path:
    """Where this node keeps them."""
    return this.node().folder / FOLDER


def number() -> int:
    """Of the one in force; 0 if there is none."""
    return Change.objects.filter(reading=NOBODY).values_list("pk", flat=True).first() or 0


def path(of: int) -> Path:
    return folder() / f"{of}{ENDING}"


def latest() -> Snapshot | None:
    """The one in force; None if there is none or it is torn."""
    with suppress(OSError, ValueError, KeyError):
        return Snapshot(path(number()))
    return None


def filled(found: Snapshot, columns: Mapping[str, Column]) -> dict[str, Any] | None:
    """Fill columns from a snapshot; gives what is said of it. None if it is torn."""
    with suppress(OSError, ValueError, KeyError):
        found.into(columns)
        return found.said
    return None
