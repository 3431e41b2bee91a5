"""The routes read the clock themselves, so these tests live in the present; nothing is left beside tables."""

import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest

from kakehashi import clock, this
from kakehashi.exchange import outside


@pytest.fixture
def now() -> datetime:
    return clock.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    folder = this.node().folder
    for name in (outside.RECEIPTS, outside.SIZES):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (outside.DAMAGED, outside.RESTORED):
        (folder / name).unlink(missing_ok=True)
