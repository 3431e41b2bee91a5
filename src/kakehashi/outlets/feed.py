"""A list of records for people who subscribe, in one language: Atom and JSON Feed are written from it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a list that was always empty last changed


@dataclass(frozen=True)
class Said:
    """Words and the BCP 47 tag of their language; a machine's wording is tagged as such."""

    text: str
    lang: str


@dataclass(frozen=True)
class Entry:
    """One record. `notes` are sentences about it: where a wording comes from, who wrote it."""

    record: UUID
    address: str
    title: Said
    summary: Said
    author: str
    published: datetime
    updated: datetime
    notes: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()  # (code, name in the feed's language)

    @property
    def id(self) -> str:
        return f"urn:uuid:{self.record}"


@dataclass(frozen=True)
class Feed:
    """One page of a list (RFC 5005, "paged feeds"). Addresses are absolute; empty where there is none."""

    title: str
    subtitle: str
    lang: str
    author: str
    home: str
    address: str
    first: str
    last: str
    previous: str = ""
    next: str = ""
    entries: tuple[Entry, ...] = field(default_factory=tuple)

    @property
    def id(self) -> str:
        """The same for all pages of one list."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, self.first)}"

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NEVER)
