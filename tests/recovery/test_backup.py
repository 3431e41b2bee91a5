"""Backups are whole, private, and come back only where they belong."""

import os
import sqlite3
import tarfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kakehashi import this
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.exchange import outside
from kakehashi.node import Node, save
from kakehashi.recovery import backup

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """A node's folder with a small database, keys and receipts."""
    made = replace(this.node(), folder=tmp_path / "munich", database="")
    save(made)
    (made.folder / "keys").mkdir()
    (made.folder / "keys" / "log").write_text("secret")
    outside.copy_receipt(made.folder, "munich.example/kx/0/0", "osaka.example", b"{}")
    _write(made, "before")
    return made


def _write(node: Node, words: str) -> None:
    with sqlite3.connect(node.folder / "node.sqlite3") as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE IF NOT EXISTS said (words TEXT)")
        made.execute("INSERT INTO said VALUES (?)", [words])
    made.close()


def _said(node: Node) -> list[str]:
    with sqlite3.connect(node.folder / "node.sqlite3") as made:
        found = [row[0] for row in made.execute("SELECT words FROM said")]
    made.close()
    return found


def test_a_backup_brings_the_database_back_and_puts_the_present_one_aside(node: Node, tmp_path: Path) -> None:
    made = backup.make(node, None, with_keys=False, now=NOW)
    assert made.stat().st_mode & 0o077 == 0
    _write(node, "after")
    outside.copy_receipt(node.folder, "munich.example/kx/0/0", "osaka.example", b"newer")
    work = tmp_path / "work"
    work.mkdir()
    backup.unpack(node, made, work)
    aside = backup.put_in_place(node, work, now=NOW)
    assert _said(node) == ["before"]
    assert aside is not None
    assert aside.exists()
    # What lies beside the database tells what is missing now, so it is not put back.
    ((_, last),) = outside.last_receipts(node.folder, "munich.example/kx/0/0")
    assert last == b"newer"
    assert (node.folder / outside.RESTORED).exists()


def test_private_keys_are_in_it_only_on_demand_and_come_back_only_where_there_are_none(
    node: Node, tmp_path: Path
) -> None:
    plain = backup.make(node, tmp_path / "plain.tar.gz", with_keys=False, now=NOW)
    full = backup.make(node, tmp_path / "full.tar.gz", with_keys=True, now=NOW)
    assert not [name for name in _names(plain) if name.startswith("keys")]
    assert "keys/log" in _names(full)
    (node.folder / "keys" / "log").write_text("newer")
    _bring_back(node, full, tmp_path / "one")
    assert (node.folder / "keys" / "log").read_text() == "newer"
    (node.folder / "keys" / "log").unlink()
    (node.folder / "keys").rmdir()
    _bring_back(node, full, tmp_path / "two")
    assert (node.folder / "keys" / "log").read_text() == "secret"


def _bring_back(node: Node, file: Path, work: Path) -> None:
    work.mkdir()
    backup.unpack(node, file, work)
    backup.put_in_place(node, work, now=NOW)


def _names(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def test_what_is_no_backup_of_this_node_or_is_damaged_changes_nothing(node: Node, tmp_path: Path) -> None:
    made = backup.make(node, tmp_path / "made.tar.gz", with_keys=False, now=NOW)
    noise = tmp_path / "noise.tar.gz"
    noise.write_bytes(b"noise")
    torn = tmp_path / "torn.tar.gz"
    with tarfile.open(torn, "w:gz") as tar:
        (tmp_path / "broken").write_bytes(b"SQLite format 3\0" + bytes(5000))
        tar.add(tmp_path / "broken", "node.sqlite3")
    for number, (who, file) in enumerate(
        [(node, noise), (node, torn), (replace(node, name="osaka.example"), made)]
    ):
        work = tmp_path / f"work{number}"
        work.mkdir()
        with pytest.raises(InvalidInput):
            backup.unpack(who, file, work)
    assert _said(node) == ["before"]


def test_a_backup_cannot_write_outside_of_its_place(node: Node, tmp_path: Path) -> None:
    made = backup.make(node, tmp_path / "made.tar.gz", with_keys=False, now=NOW)
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(made) as good, tarfile.open(evil, "w:gz") as tar:
        for member in good.getmembers():
            tar.addfile(member, good.extractfile(member))
        (tmp_path / "x").write_text("x")
        for name in ("../escaped", "authorized", "keys/../../escaped"):
            tar.add(tmp_path / "x", name)
    work = tmp_path / "work"
    work.mkdir()
    with suppress(InvalidInput):
        backup.unpack(node, evil, work)
    assert not (tmp_path / "escaped").exists()
    assert not (work / "authorized").exists()


def test_a_node_on_postgresql_is_backed_up_by_its_own_tools(node: Node) -> None:
    with pytest.raises(Conflict, match="pg_dump"):
        backup.make(replace(node, database="postgresql://x"), None, with_keys=False, now=NOW)


def test_old_backups_go_after_35_days(node: Node) -> None:
    first = backup.make(node, None, with_keys=False, now=NOW)
    old = NOW.timestamp() - 36 * 86_400
    os.utime(first, (old, old))
    second = backup.make(node, None, with_keys=False, now=NOW.replace(hour=10))
    assert not first.exists()
    assert second.exists()
