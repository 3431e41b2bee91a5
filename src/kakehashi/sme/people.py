"""Which traces people leave here: who entered and who retired a figure."""

from collections.abc import Sequence
from typing import Any

from kakehashi.accounts import ports
from kakehashi.sme.models import FigureRow, HoldingRow, RateRow

TABLES = (FigureRow, HoldingRow, RateRow)


def plug() -> None:
    """Called once, when the app is ready."""
    ports.plug_traces(ports.Traces("sme", _found, _forget))


def _found(addresses: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"table": table.__name__, "row": row.pk, "at": row.at.isoformat(), "source": row.title}
        for table in TABLES
        for row in table.objects.filter(by__in=addresses).order_by("pk")
    ]


def _forget(addresses: Sequence[str], pseudonym: str) -> None:
    for table in TABLES:
        table.objects.filter(by__in=addresses).update(by=pseudonym)
        table.objects.filter(retired_by__in=addresses).update(retired_by=pseudonym)
