"""A socket for folders above: code that must run inside the transaction in which an agreement changes state.

The exchange withdraws what a narrower version no longer covers in that very transaction (EXCHANGE.md section
4), and may not be imported from here. Like `records/ports.py`: one named list, called in order, whose errors
undo the change.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from kakehashi.agreements.models import Agreement

StateChanged: TypeAlias = Callable[[Agreement, datetime], None]

_states: list[StateChanged] = []


def on_state(call: StateChanged) -> None:
    """Plug in: `call(agreement, now)` after an agreement became active, ended or void."""
    if call not in _states:
        _states.append(call)


def state_changed(agreement: Agreement, now: datetime) -> None:
    for call in _states:
        call(agreement, now)
