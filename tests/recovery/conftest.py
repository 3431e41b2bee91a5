"""The routes read the clock themselves, so these tests live in the present; nothing is left beside tables."""

import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest

from kakehashi import clock, this
from kakehashi.exchange import api, outside
from kakehashi.exchange.buckets import Buckets
from kakehashi.exchange.http_signature import Nonces


@pytest.fixture
def now() -> datetime:
    return clock.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(api, "NONCES", Nonces())
    monkeypatch.setattr(api, "BUCKETS", Buckets())
    yield
    folder = this.node().folder
    for name in (outside.RECEIPTS, outside.SIZES):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (outside.DAMAGED, outside.RESTORED):
        (folder / name).unlink(missing_ok=True)
