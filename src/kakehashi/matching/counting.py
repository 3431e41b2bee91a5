"""How much of a count of confidential records may be said: never how many, only from a few on at least.

Whoever asks again and again must learn nothing from it (docs/adr/0009). So nothing is said of fewer than
LEAST records or of one organisation's, numbers are rounded down to a few steps, what was said of a record
stays as it is for REST, and in that time at most AT_ONCE counts are said or changed for one agreement.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

STEPS = (3, 5, 10, 20, 50)
LEAST = STEPS[0]
OWNERS = 2
REST = timedelta(days=7)
AT_ONCE = 20


def at_least(owners: Collection[object]) -> int:
    """The step that is said, 0 for nothing; `owners`: the organisation of each record that fits."""
    if len(set(owners)) < OWNERS:
        return 0
    return max((step for step in STEPS if step <= len(owners)), default=0)


def due(said: int | None, when: datetime | None, now: datetime, found: int) -> bool:
    """Whether `found` is to be said; `said` before, at `when`, or never (None)."""
    if said is None or when is None:
        return found > 0
    return found != said and when + REST <= now
