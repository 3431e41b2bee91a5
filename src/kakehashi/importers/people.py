"""What importers know of people: the files they uploaded and have not finished with."""

from collections.abc import Sequence
from typing import Any

from kakehashi.accounts import ports
from kakehashi.importers.models import Upload


def plug() -> None:
    """Called once, when the app is ready."""
    ports.plug_traces(ports.Traces("uploads", _found, _forget))


def _found(addresses: Sequence[str]) -> list[dict[str, Any]]:
    rows = Upload.objects.filter(actor__in=addresses).order_by("created_at")
    return [{"name": row.name, "kind": row.kind, "at": row.created_at.isoformat()} for row in rows]


def _forget(addresses: Sequence[str], pseudonym: str) -> None:
    """An upload serves nobody but its sender."""
    Upload.objects.filter(actor__in=addresses).delete()
