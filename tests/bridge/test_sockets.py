"""Ports: the usual one, or the next that is free."""

import os
import socket

import pytest

from kakehashi.bridge.sockets import claim, is_free, next_free
from kakehashi.errors import NodeMisconfigured


@pytest.fixture
def taken() -> int:
    """A port that somebody listens on, in a room of this process, below what the system gives to callers."""
    first = next(filter(is_free, range(20_000 + os.getpid() % 1_000 * 10, 32_000)))
    with socket.create_server(("127.0.0.1", first)):
        yield first


def test_a_port_with_a_listener_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_the_next_port_is_chosen_when_the_usual_one_is_taken(taken: int) -> None:
    chosen, mine = next_free(taken)
    mine.release()
    assert chosen > taken
    assert is_free(chosen)


def test_a_port_that_another_start_has_chosen_is_passed_over_before_anybody_listens(taken: int) -> None:
    first, mine = next_free(taken)
    second, other = next_free(taken)
    mine.release()
    again, third = next_free(taken)
    for lock in (other, third):
        lock.release()
    assert second > first
    assert again == first


def test_without_any_free_port_it_says_so() -> None:
    claims = [lock for port in range(65530, 65536) if (lock := claim(port))]
    with pytest.raises(NodeMisconfigured):
        next_free(65530)
    for lock in claims:
        lock.release()
