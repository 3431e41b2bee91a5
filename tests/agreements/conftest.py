"""What tests of pages and commands share: a node with its root key in a folder of its own, and one moment."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.agreements import partnership


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime) -> None:
    """This process is the node of Munich with the tests' root key, and the clock stands still."""
    monkeypatch.setattr(settings, "NODE", partnership.home(tmp_path / "home"))
    monkeypatch.setattr("kakehashi.clock.now", lambda: now)
