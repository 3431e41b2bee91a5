"""One record as every outlet gives it: plain values, nothing of persons, nothing of the desk."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Given:
    """`address` is the record's page, `publisher` the node's name as people say it."""

    origin: str
    record: UUID
    body: dict[str, Any]
    published: datetime
    changed: datetime
    expires: datetime | None
    address: str
    publisher: str

    @property
    def kind(self) -> str:
        return str(self.body["kind"])


def moment(at: datetime) -> str:
    """RFC 3339 in UTC to the second, as OAI-PMH, Atom and the exchange write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
