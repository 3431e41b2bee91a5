"""Fixtures that every test may ask for; all else is called by name from tests/cast.py."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def now() -> datetime:
    """One moment that all of a test lives in."""
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
