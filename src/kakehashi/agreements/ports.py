"""A socket for folders above: code that must run inside the transaction in which an agreement changes state.

The exchange withdraws what a narrower version no longer covers in that very transaction (EXCHANGE.md section
4), and may not be imported from here. Like `records/ports.py`: one named list, called in order, whose errors
undo the change.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements.models import Agreement

StateChanged: TypeAlias = Callable[[Agreement, datetime], None]

# Rows as `records.queries.crossed` gives them: {"clause", "received", "side", "kind", "count", "last"}.
Evidence: TypeAlias = Callable[[Viewer, str], list[dict[str, Any]]]

_states: list[StateChanged] = []
_evidence: list[Evidence] = []


def on_state(call: StateChanged) -> None:
    """Plug in: `call(agreement, now)` after an agreement became active, ended or void."""
    if call not in _states:
        _states.append(call)


def plug_evidence(call: Evidence) -> None:
    """Plug in: what the logs say crossed under a lineage, also when nothing of it may be read any more."""
    _evidence[:] = [call]


def evidence(viewer: Viewer, lineage: str) -> list[dict[str, Any]]:
    """What crossed under an agreement that has ended; nothing before the exchange has plugged in."""
    return [row for call in _evidence for row in call(viewer, lineage)]


def state_changed(agreement: Agreement, now: datetime) -> None:
    for call in _states:
        call(agreement, now)
