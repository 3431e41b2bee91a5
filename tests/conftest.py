"""Fixtures that every test may ask for; all else is called by name from tests/cast.py."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime

import django.conf
import pytest
from django.utils import translation
from hypothesis import settings

from tests.supervisor import Bridge
from tests.two_nodes.nodes import Running, two_nodes

# A busy machine is no fault of the code: examples have no time limit, `make bench` measures. The suite tries
# the same ones each time; KAKEHASHI_LONG=1 draws many new ones.
settings.register_profile("suite", deadline=None, max_examples=40, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=1_000)
settings.load_profile("long" if os.environ.get("KAKEHASHI_LONG") == "1" else "suite")
# A password is made slow to guess, a third of a second each; the people of the tests need no such care.
django.conf.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# What takes long to start and is shared: whoever asks for one of these runs in one process with the others
# of its group.
SHARED = {"bridge": "bridge", "pair": "nodes"}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for shared in SHARED.keys() & set(_fixtures(item)):
            item.add_marker(pytest.mark.xdist_group(SHARED[shared]))
    if os.environ.get("KAKEHASHI_TEST_DATABASE"):  # what asks no database has been tested without it
        left_out = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _asks_a_database(item)]


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def _asks_a_database(item: pytest.Item) -> bool:
    return bool(
        item.get_closest_marker("django_db") or {"db", "transactional_db"}.intersection(_fixtures(item))
    )


@pytest.fixture
def now() -> datetime:
    """One moment that all of a test lives in."""
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


REMEMBERS = {
    "matching.queries.memory": "MEMORY",
    "matching.queries.shelf": "SHELVES",
    "exchange.given": "MEMORY",
}


COUNTS = ("NONCES", "BUCKETS")  # of kakehashi.exchange.api: tests follow each other faster than any limit


def forget() -> None:
    """Rows of a test are rolled back and their keys given out again: what a process remembers must go."""
    for module, name in REMEMBERS.items():
        if loaded := sys.modules.get(f"kakehashi.{module}"):
            getattr(loaded, name).forget()
    if api := sys.modules.get("kakehashi.exchange.api"):
        for name in COUNTS:
            setattr(api, name, type(getattr(api, name))())


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    forget()
    translation.activate("en")  # a page in another language may have been the last


@pytest.fixture(scope="session")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    """Munich and Osaka with all that the demonstration carries, exchanged and matched.

    The port that Munich usually has is taken, by us or by somebody else.
    """
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", 8001)))
        started = stack.enter_context(Bridge(tmp_path_factory.mktemp("bridge") / "home"))
        yield started.until_ready()


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two bare nodes that have signed; tests use names of their own for what they publish."""
    with two_nodes(tmp_path_factory.mktemp("pair")) as running:
        yield running
