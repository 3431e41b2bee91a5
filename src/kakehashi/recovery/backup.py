"""One file with all that a node needs to come back: the database as it stands, and what lies beside it."""

import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from kakehashi.errors import Conflict, InvalidInput
from kakehashi.exchange import erase_list, outside
from kakehashi.node import Node

DATABASE = "node.sqlite3"
FOLDER = "backups"
BESIDE = ("node.json", erase_list.NAME, outside.RECEIPTS, outside.SIZES)
SECRETS = ("keys", "secret")
MAY_COME_BACK = {DATABASE, *BESIDE, *SECRETS}
KEPT = timedelta(days=35)  # what was erased has left every backup by then (EXCHANGE.md section 13)


def make(node: Node, to: Path | None, *, with_keys: bool, now: datetime) -> Path:
    """Write a backup while the node goes on; its place. Only this user may read it."""
    if node.database:
        raise Conflict("this node uses PostgreSQL: back it up with pg_dump, and the node's folder beside it")
    folder = node.folder / FOLDER
    target = to or folder / f"{node.side}-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        copy = Path(work) / DATABASE
        copy_database(node.folder / DATABASE, copy)
        draft = Path(work) / "draft.tar.gz"
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w:gz", compresslevel=6) as tar:
            tar.add(copy, DATABASE)
            for name in (*BESIDE, *(SECRETS if with_keys else ())):
                if (node.folder / name).exists():
                    tar.add(node.folder / name, name)
        draft.replace(target)
    for old in folder.glob("*.tar.gz"):
        if now.timestamp() - old.stat().st_mtime > KEPT.total_seconds():
            old.unlink()
    return target


def copy_database(source: Path, target: Path) -> None:
    """A whole and consistent copy, by SQLite's own backup, whoever writes meanwhile."""
    with sqlite3.connect(source) as here, sqlite3.connect(target) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
    here.close()
    there.close()


def unpack(node: Node, file: Path, into: Path) -> Path:
    """The files of a backup of this node in `into`, its database checked. InvalidInput says what is wrong."""
    try:
        with tarfile.open(file, "r:gz") as tar:
            for member in _harmless(tar):
                _put(tar, member, into / member.name)
    except (OSError, tarfile.TarError, EOFError) as e:
        raise InvalidInput({str(file): [f"this is no backup of a node: {e}"]}) from e
    database = into / DATABASE
    if not database.exists():
        raise InvalidInput({str(file): ["there is no database in it"]})
    with sqlite3.connect(database) as copy:
        try:
            found = [str(row[0]) for row in copy.execute("PRAGMA quick_check(3)")]
        except sqlite3.DatabaseError as e:
            found = [str(e)]
    copy.close()
    if found != ["ok"]:
        raise InvalidInput({str(file): [f"its database is damaged: {found[0]}"]})
    if (into / "node.json").exists() and f'"{node.name}"' not in (into / "node.json").read_text("utf-8"):
        raise InvalidInput({str(file): [f"it is of another node than {node.name}"]})
    return database


def put_in_place(node: Node, unpacked: Path, *, now: datetime) -> Path | None:
    """Make an unpacked backup the node's data; the present database is put aside, and where is said.

    What stands beside the database is kept if it is there: it is newer, and tells what is missing. Keys come
    back only where there are none.
    """
    present, aside = node.folder / DATABASE, None
    if present.exists():
        aside = node.folder / FOLDER / f"before-restore-{now:%Y%m%dT%H%M%SZ}.sqlite3"
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        present.replace(aside)
    for tail in ("-wal", "-shm"):
        left = present.with_name(DATABASE + tail)
        if left.exists():
            left.replace(aside.with_name(aside.name + tail)) if aside else left.unlink()
    shutil.move(unpacked / DATABASE, present)
    for name in (*BESIDE, *SECRETS):
        if (unpacked / name).exists() and not (node.folder / name).exists():
            shutil.move(unpacked / name, node.folder / name)
    (node.folder / outside.RESTORED).touch(mode=0o600)
    outside.set_damage(node.folder, [])
    return aside


def _harmless(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Plain files and folders of the names that a backup has, none of them outside of it."""
    for member in tar.getmembers():
        parts = member.name.split("/")
        if parts[0] in MAY_COME_BACK and ".." not in parts and (member.isfile() or member.isdir()):
            yield member


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Write one member for this user alone. (`extractall` is safe from Python 3.11.4 on only.)"""
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    source = tar.extractfile(member)
    if source is not None:
        with source, target.open("wb") as out:
            shutil.copyfileobj(source, out)
