"""Fixtures that every test may ask for; all else is called by name from tests/cast.py."""

import sys
from datetime import UTC, datetime

import pytest


@pytest.fixture
def now() -> datetime:
    """One moment that all of a test lives in."""
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    """Rows of a test are rolled back and their keys given out again: what matching remembers must go."""
    memory = sys.modules.get("kakehashi.matching.queries.memory")
    if memory is not None:
        memory.MEMORY.forget()
