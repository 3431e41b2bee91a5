"""Who sees a published reading, as a rule on plain values: what `records.queries.published` asks the tables.

For those above that hold very many readings in memory; tests/matching/test_shelf.py holds both together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.records.audience import foreign_onward, own_audiences


@dataclass(frozen=True, order=True)
class Way:
    """An open passage: what crossed under `clause` and may be seen here, if received, until `until`."""

    received: bool
    clause: str
    onward: str
    tlp: str
    until: datetime


@dataclass(frozen=True)
class Sight:
    """All that decides who sees a published reading, but for its expiry; `ways` in their order."""

    own: bool
    audience: str
    owner: UUID | None
    ways: tuple[Way, ...]

    def crossed(self, clause: str, now: datetime) -> bool:
        """Whether it was given or received under a clause that still holds."""
        return any(way.clause == clause and way.until > now for way in self.ways)

    def plain(self) -> list[Any]:
        """As JSON."""
        ways = [[w.received, w.clause, w.onward, w.tlp, w.until.isoformat()] for w in self.ways]
        return [self.own, self.audience, str(self.owner) if self.owner else None, ways]

    @classmethod
    def thaw(cls, content: list[Any]) -> "Sight":
        """From what `plain` gave."""
        own, audience, owner, ways = content
        made = (
            Way(r, clause, onward, tlp, datetime.fromisoformat(end)) for r, clause, onward, tlp, end in ways
        )
        return cls(own, audience, UUID(owner) if owner else None, tuple(made))


class Shown(NamedTuple):
    """One published reading as search sees it; `date` orders the newest first (ISO, or empty)."""

    key: int
    kind: str
    side: str
    lang: str
    historical: bool
    date: str
    expires: datetime | None
    sight: Sight
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    organisations: tuple[str, ...]


def endless(viewer: Viewer, sight: Sight) -> bool:
    """Whether `viewer` sees it even after its expiry: staff all own records, members their organisation's."""
    mine = viewer.is_member and viewer.organisation is not None and sight.owner == viewer.organisation
    return sight.own and (viewer.is_staff or mine)


def seen(viewer: Viewer, sight: Sight, now: datetime) -> bool:
    """Whether `viewer` sees it as long as it has not expired."""
    if sight.own:
        return endless(viewer, sight) or sight.audience in own_audiences(viewer)
    levels = foreign_onward(viewer)
    return any(
        way.received and way.until > now and way.onward in levels and (viewer.is_member or way.tlp == "CLEAR")
        for way in sight.ways
    )
