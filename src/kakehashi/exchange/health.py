"""The figures of one log, and of one node's keys, by which their health is judged."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Log:
    """One log. `quiet`: its agreement is over or suspended. `refused`: entries in quarantine, by code.

    `known`: of an own log, what a reader last acknowledged; of a partner's, what it offered. `heard_at`: of a
    partner's log, the last right answer; of an own one, when the oldest entry was written that nobody has
    acknowledged, if there is one.
    """

    name: str
    own: bool
    state: str
    size: int
    known: int
    heard_at: datetime | None
    quiet: bool
    code: str = ""
    detail: str = ""
    overdue: int = 0
    refused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Keys:
    """The newest key set of a node, the end of its term, and when it was last fetched (own: published)."""

    node: str
    version: int
    until: datetime
    fetched_at: datetime
