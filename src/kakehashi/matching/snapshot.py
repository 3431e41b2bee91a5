"""One file with many columns of numbers, which a process maps into its memory instead of building them anew.

    kakehashi search 1\\n | length of the head (8 bytes) | its CRC-32 (4 bytes) | head (JSON) | columns

The head says where each column stands, how many rows it has, for how many more there is room behind them, and
the CRC-32 of its rows. A file that is cut off, torn or of another kind is as good as none.
"""

import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
from numpy.typing import NDArray

from kakehashi.matching.column import Column

FIRST = b"kakehashi search 1\n"
_SIZES = struct.Struct("<QI")
PAGE = 2**16  # columns begin at multiples of it: no system maps at a finer grain
PART = 2**22  # bytes that are checked at a time
AT_ONCE = 2  # columns


def write(path: Path, said: Mapping[str, Any], columns: Mapping[str, Column]) -> None:
    """Write the file under another name first, so that whoever finds it finds all of it."""
    places: dict[str, list[Any]] = {}
    at = 0
    for name, column in columns.items():
        rows = np.ascontiguousarray(column.rows)
        room = column.count + max(column.count // 4, 1_024)
        places[name] = [rows.dtype.str, list(column.shape), column.count, room, at, zlib.crc32(_bytes(rows))]
        width = rows.dtype.itemsize * int(np.prod(column.shape, dtype=np.int64))
        at = _next_page(at + room * width)
    head = orjson.dumps({"said": said, "columns": places, "size": at})
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        file.write(FIRST + _SIZES.pack(len(head), zlib.crc32(head)) + head)
        first = _next_page(file.tell())
        for name, column in columns.items():
            file.seek(first + places[name][4])
            file.write(_bytes(np.ascontiguousarray(column.rows)))
        file.truncate(first + at)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


class Snapshot:
    """A file as `write` left it; `said` is what was said of it. ValueError or OSError if it is not so."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            if file.read(len(FIRST)) != FIRST:
                raise ValueError("no snapshot of this kind")
            size, crc = _SIZES.unpack(_exactly(file, _SIZES.size))
            if size > path.stat().st_size or zlib.crc32(head := _exactly(file, size)) != crc:
                raise ValueError("the head is torn")
            content = orjson.loads(head)
            self._first = _next_page(file.tell())
            self.said: dict[str, Any] = content["said"]
            self._places: dict[str, list[Any]] = content["columns"]
            if path.stat().st_size != self._first + content["size"]:
                raise ValueError("the file is cut off")

    def into(self, columns: Mapping[str, Column]) -> None:
        """Let columns stand on the file; what is changed afterwards stays in this process' memory."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            if not all(pool.map(self._is_whole, columns)):
                raise ValueError("a column is torn")
        with self.path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        for name, column in columns.items():
            kind, shape, count, room, at, _ = self._places[name]
            if (np.dtype(kind), tuple(shape)) != (column.dtype, column.shape):
                raise ValueError(f"{name} is of another kind")
            many = room * int(np.prod(shape, dtype=np.int64))
            rows = np.frombuffer(mapped, kind, many, self._first + at).reshape(room, *shape)
            column.take(rows, count)

    def _is_whole(self, name: str) -> bool:
        """Read by itself and not through the mapping: what is only checked takes no memory."""
        kind, shape, count, _, at, expected = self._places[name]
        left = np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64)) * count
        crc = 0
        with closing(self.path.open("rb", buffering=0)) as file:
            file.seek(self._first + at)
            part = memoryview(bytearray(min(PART, left)))
            while left and (got := file.readinto(part[: min(PART, left)])):
                crc, left = zlib.crc32(part[:got], crc), left - got
        return not left and crc == expected


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise ValueError("the file is cut off")
    return found


def _bytes(rows: NDArray[Any]) -> memoryview:
    return rows.reshape(-1).view(np.uint8).data


def _next_page(at: int) -> int:
    return -(-at // PAGE) * PAGE
