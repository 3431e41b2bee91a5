"""Token buckets, one for each partner, so that a flood by one leaves the others untouched."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from kakehashi.errors import ExchangeError

PER_MINUTE = 120


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Buckets:
    """A bucket holds a minute's requests and is filled again evenly."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def take(self, peer: str, now: datetime, per_minute: int = PER_MINUTE) -> None:
        """Take one token; ExchangeError rate-limited if there is none."""
        if self.pause(peer, now, per_minute) > 0:
            raise ExchangeError("rate-limited")

    def pause(self, peer: str, now: datetime, per_minute: int = PER_MINUTE) -> float:
        """Take one token and give 0, or take none and give the seconds until there is one."""
        with self._lock:
            bucket = self._buckets.setdefault(peer, _Bucket(float(per_minute), now))
            passed = max(0.0, (now - bucket.at).total_seconds())
            bucket.tokens = min(float(per_minute), bucket.tokens + passed * per_minute / 60)
            bucket.at = max(bucket.at, now)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0.0
            return (1 - bucket.tokens) * 60 / per_minute


class Untold:
    """Since when each reader of a log reads on without a receipt; a new start of the process begins anew."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], datetime] = {}

    def since(self, channel: str, peer: str, untold: int, now: datetime) -> datetime:
        """When `peer` first asked beyond its receipt; now, if it does not."""
        if untold <= 0:
            self._since.pop((channel, peer), None)
            return now
        return self._since.setdefault((channel, peer), now)
