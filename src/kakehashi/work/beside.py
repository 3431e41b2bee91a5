"""Lets what needs no database run beside what does: numpy and SQLite both work without Python's lock."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

T = TypeVar("T")
MOST = 8


@contextmanager
def beside(call: Callable[[], T]) -> Iterator[Future[T]]:
    """`call` begins in another thread and has ended when the block has, whatever happens in either.

    It must not touch the database: each thread has a connection of its own, outside of our transaction.
    """
    future = _pool().submit(call)
    try:
        yield future
    finally:
        wait([future])


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST, "beside")
