"""Sockets for folders above: which organisations there are, and where a person has left traces.

Records stand above people in the house, yet a member belongs to an organisation, and who asks for the own
data, or wants to be forgotten, means every folder. They plug in when their apps are ready, as
docs/adr/0003-ports-instead-of-signals.md explains.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from kakehashi.accounts.organisations import Organisation
from kakehashi.accounts.viewer import Viewer

Find: TypeAlias = Callable[[Viewer, datetime, Collection[UUID] | None], list[Organisation]]


@dataclass(frozen=True)
class Traces:
    """What one folder keeps of people. Both functions are given all e-mail addresses that a person had here.

    `found` gives plain values for the export; `forget` puts the pseudonym where the person stood.
    """

    name: str
    found: Callable[[Sequence[str]], list[dict[str, Any]]]
    forget: Callable[[Sequence[str], str], None]


_finders: list[Find] = []
_traces: dict[str, Traces] = {}


def plug_organisations(find: Find) -> None:
    """Plug in: the organisations of this node that `viewer` may choose from, all or those in `only`."""
    _finders[:] = [find]


def plug_traces(traces: Traces) -> None:
    """Plug in: what a folder keeps of people."""
    _traces[traces.name] = traces


def organisations(viewer: Viewer, now: datetime, only: Collection[UUID] | None = None) -> list[Organisation]:
    """The organisations of this node, or those of them in `only`; none before records have plugged in."""
    return [one for find in _finders for one in find(viewer, now, only)]


def traces() -> list[Traces]:
    return list(_traces.values())
