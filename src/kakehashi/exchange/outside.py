"""What stands beside the database, in the node's folder, so that a database put back is noticed by itself."""

from collections.abc import Iterator
from pathlib import Path

import orjson

RECEIPTS, SIZES = "receipts", "sizes"
DAMAGED, RESTORED = "damaged.json", "restored"


def note_size(folder: Path, channel: str, size: int) -> None:
    """How far an own log was written: noted after each commit, so never ahead of the tables."""
    (_folder(folder, SIZES) / _file(channel)).write_text(str(size), "ascii")


def copy_receipt(folder: Path, channel: str, peer: str, data: bytes) -> None:
    """One copy of every receipt: after a restore it says what partners had."""
    with (_folder(folder, RECEIPTS) / f"{_file(channel)}_{peer}.ndjson").open("ab") as file:
        file.write(data + b"\n")


def last_receipts(folder: Path, channel: str) -> Iterator[tuple[str, bytes]]:
    """(partner, its last receipt) for an own channel. Receipts never go back, so the last is the largest."""
    start = f"{_file(channel)}_"
    for path in sorted((folder / RECEIPTS).glob(f"{start}*.ndjson")):
        lines = path.read_bytes().splitlines()
        if lines:
            yield path.stem.removeprefix(start), lines[-1]


def written_size(folder: Path, channel: str) -> int | None:
    """How far an own log was once written, as far as the folder knows; None if it does not."""
    try:
        return int((folder / SIZES / _file(channel)).read_text("ascii") or 0)
    except (OSError, ValueError):
        return None


def damage(folder: Path) -> list[str]:
    """What the last check found wrong with the data; while it is there, nothing may be written."""
    try:
        found = orjson.loads((folder / DAMAGED).read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        return ["damaged.json cannot be read"]
    return [str(line) for line in found]


def set_damage(folder: Path, found: list[str]) -> None:
    """Keep what a check found, or that it found nothing."""
    if found:
        (folder / DAMAGED).write_bytes(orjson.dumps(found))
    else:
        (folder / DAMAGED).unlink(missing_ok=True)


def _folder(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _file(channel: str) -> str:
    return channel.replace("/", "_")
