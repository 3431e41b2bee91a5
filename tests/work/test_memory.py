"""A worker's connections to the database count little to its memory."""

from pathlib import Path

import pytest
from django.db import connection, connections

from kakehashi.work import memory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own memory"),
]


def mapped() -> int:
    """Bytes of the file that a new connection may map."""
    fresh = connections.create_connection("default")
    try:
        with fresh.cursor() as cursor:
            return int(cursor.execute("PRAGMA mmap_size").fetchone()[0])
    finally:
        fresh.close()


def test_connections_of_a_worker_map_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = connections.settings["default"]
    monkeypatch.setitem(settings, "OPTIONS", dict(settings["OPTIONS"]))
    monkeypatch.setitem(settings, "NAME", tmp_path / "node.sqlite3")
    assert mapped() > 0
    memory.map_nothing()
    assert mapped() == 0
