"""Counts what a page asks of the database, so that tests can pin it: a shared tool.

    assert_asks(client, "/de/organisations/", 12)

A page that needs more than before fails with the statements in the order in which they were sent; one that
needs fewer fails too, so that the pinned number follows.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Statements that hold a transaction together and ask for nothing.
BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def asked(client: Client, address: str, status: int = 200) -> list[str]:
    """The statements that a page sends, after a first visit has filled what stays in memory."""
    assert client.get(address).status_code == status
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == status
    return [query["sql"] for query in captured if not query["sql"].startswith(BRACKETS)]


def assert_asks(client: Client, address: str, number: int) -> None:
    """The page sends exactly so many statements."""
    statements = asked(client, address)
    assert len(statements) == number, f"{address} asks {len(statements)}, not {number}\n" + told(statements)


def told(statements: Iterable[str]) -> str:
    """The statements in order, with how often each shape came: a count above one is a loop in the page."""
    shapes = Counter(statement.split(" WHERE ")[0] for statement in statements)
    return "\n".join(f"{shapes[s.split(' WHERE ')[0]]}x {s[:200]}" for s in statements)
