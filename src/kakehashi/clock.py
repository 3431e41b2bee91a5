"""The one clock: read once per request or job at the edge, shifted only in demonstration and tests."""

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Present time in UTC. `KAKEHASHI_CLOCK_OFFSET` (seconds) shifts it if `KAKEHASHI_DEMO=1`."""
    offset = os.environ.get("KAKEHASHI_CLOCK_OFFSET", "0") if os.environ.get("KAKEHASHI_DEMO") == "1" else "0"
    return datetime.now(UTC) + timedelta(seconds=float(offset))
