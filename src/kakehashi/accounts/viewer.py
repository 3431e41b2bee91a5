"""Who is looking: the first argument of every query."""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class Role(IntEnum):
    """Roles in rising order of rights; each may do what the ones before it may."""

    PUBLIC = 0
    READER = 1
    MEMBER = 2
    EDITOR = 3
    MANAGER = 4
    OPERATOR = 5


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks. `organisation` is the record id of the member's own organisation on this node."""

    role: Role = Role.PUBLIC
    organisation: UUID | None = None
    actor: str = "public"

    @property
    def signed_in(self) -> bool:
        return self.role > Role.PUBLIC

    @property
    def is_member(self) -> bool:
        """One of the cluster's own: a member of it, or its staff."""
        return self.role >= Role.MEMBER

    @property
    def is_staff(self) -> bool:
        """Of the cluster's own team: editor, manager or operator."""
        return self.role >= Role.EDITOR

    @property
    def is_manager(self) -> bool:
        """May sign, end and configure."""
        return self.role >= Role.MANAGER

    def owns(self, organisation: UUID | None) -> bool:
        """True for a member's own organisation."""
        return self.role >= Role.MEMBER and organisation is not None and organisation == self.organisation

    def may_edit(self, organisation: UUID | None) -> bool:
        """Staff edit all of their cluster's records, members those of their own organisation."""
        return self.is_staff or self.owns(organisation)


PUBLIC = Viewer()
WORKER = Viewer(role=Role.OPERATOR, actor="worker")
