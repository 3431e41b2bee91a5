"""One supervisor per home: the lock, and what the holder says about itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kakehashi.errors import HomeBusy


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the home; HomeBusy names the addresses of whoever holds it already."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise HomeBusy(" ".join(addresses(home)) or str(home)) from None
    try:
        yield
    finally:
        (home / "running.json").unlink(missing_ok=True)
        lock.release()


def announce(home: Path, found: list[str]) -> None:
    """Write down where the pages are, for a second start and for scripts."""
    (home / "running.json").write_text(json.dumps(found), "utf-8")


def addresses(home: Path) -> list[str]:
    """What the running supervisor announced."""
    try:
        return [str(address) for address in json.loads((home / "running.json").read_text("utf-8"))]
    except (OSError, ValueError):
        return []
