"""Ports: the usual one, or the next that is free."""

import socket

import pytest

from kakehashi.bridge.sockets import is_free, next_free
from kakehashi.errors import NodeMisconfigured


@pytest.fixture
def taken() -> int:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_with_a_listener_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_the_next_port_is_chosen_when_the_usual_one_is_taken(taken: int) -> None:
    chosen = next_free(taken, set())
    assert chosen > taken
    assert is_free(chosen)


def test_a_port_that_another_node_of_the_home_uses_is_passed_over(taken: int) -> None:
    first = next_free(taken, set())
    assert next_free(taken, {first}) > first


def test_without_any_free_port_it_says_so() -> None:
    with pytest.raises(NodeMisconfigured):
        next_free(65530, set(range(65530, 65536)))
