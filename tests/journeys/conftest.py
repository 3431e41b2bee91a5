"""The nodes and the browser of the journeys; without a browser all of them are skipped, with the reason."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys import browser as browsers
from tests.journeys.browser import Visitor

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and browsers.missing():
            item.add_marker(pytest.mark.skip(reason=browsers.missing()))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module: while it runs, its event loop keeps Django's database closed to other tests."""
    with browsers.browser() as started:
        yield started


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Somebody with a browser of one's own; at the end, nothing that should not have happened has."""
    visitors: list[Visitor] = []

    def come(**options: Any) -> Visitor:
        visitors.append(Visitor(chromium, **options))
        return visitors[-1]

    yield come
    for each in visitors:
        each.context.close()
    for each in visitors:
        each.checked()
