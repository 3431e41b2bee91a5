"""What about key sets needs a person: an end that comes near, a fetch that fails, a new root key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kakehashi.exchange.keyset import REFETCH_AFTER, KeySet

REMIND_OWN = timedelta(days=60)  # the root key is in a safe, and its keepers have calendars
REMIND_PARTNER = timedelta(days=14)
UNFETCHED = REFETCH_AFTER * 2


@dataclass(frozen=True)
class Alarm:
    """`code` is put into words by words.py; `until`: the moment that it is about; `count`: of entries."""

    code: str
    node: str
    until: datetime | None = None
    count: int = 0


def of_own(node: str, keys: KeySet | None, now: datetime) -> Iterator[Alarm]:
    """Of the key set that this node publishes."""
    if keys is None:
        yield Alarm("own-missing", node)
    elif keys.not_after <= now:
        yield Alarm("own-ended", node, keys.not_after)
    elif keys.not_after <= now + REMIND_OWN:
        yield Alarm("own-ending", node, keys.not_after)


def of_partner(
    node: str, keys: KeySet | None, fetched: datetime | None, *, proposed: bool, now: datetime
) -> Iterator[Alarm]:
    """Of a confirmed partner's key set. `proposed`: other root keys wait for a person."""
    if proposed:
        yield Alarm("root-changed", node)
    if keys is None or fetched is None:
        yield Alarm("never-fetched", node)
        return
    honoured = keys.honoured_until(fetched)
    if keys.not_after <= now:
        yield Alarm("ended", node, keys.not_after)
    elif honoured <= now:
        yield Alarm("stale", node, honoured)
    elif now - fetched >= UNFETCHED:
        yield Alarm("unfetched", node, honoured)
    elif keys.not_after <= now + REMIND_PARTNER:
        yield Alarm("ending", node, keys.not_after)
