"""One world for the whole matrix, undone at its end."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django import DjangoDbBlocker

from kakehashi import clock
from tests.access.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(clock.now())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _moment(world: World, db: None) -> None:
    """What one test writes, a session or a refused form, `db` undoes before the next."""
    cache.clear()
