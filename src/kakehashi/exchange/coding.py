"""Content codings of feed pages: zstd and gzip, decoded piece by piece so that a bomb is refused early."""

import zlib
from collections.abc import Callable, Iterable, Iterator

import zstandard

from kakehashi.errors import LogError

PIECE = 65_536
MAX_WINDOW = 8 * 2**20  # RFC 9659
RATIO_COUNTS_ABOVE = 2**20
MAX_RATIO = 100
LEVEL = 3


def encode(data: bytes, coding: str) -> bytes:
    """`data` in the coding "zstd", "gzip" or "" (none)."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=LEVEL).compress(data)
    if coding == "gzip":
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        return packer.compress(data) + packer.flush()
    return data


def choose(accept: str) -> str:
    """The best coding of an Accept-Encoding header; q=0 refuses, other weights are not compared."""
    offered = {}
    for item in accept.lower().split(","):
        name, _, weight = item.partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((coding for coding in ("zstd", "gzip") if offered.get(coding)), "")


def decode(chunks: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """Decoded pieces of at most 64 KiB.

    LogError `bomb` beyond `limit` bytes, beyond 100 : 1 above 1 MiB, or for a window over 8 MiB;
    `unsupported-encoding` for other codings; `not-canonical` for broken or trailing data.
    """
    decoder = _DECODERS.get(coding)
    if decoder is None:
        raise LogError("unsupported-encoding", coding[:40])
    meter = _Meter(chunks, limit)
    for piece in decoder(meter):
        meter.count(piece)
        yield piece


class _Meter:
    """Counts what goes in and what comes out."""

    def __init__(self, chunks: Iterable[bytes], limit: int) -> None:
        self.chunks, self.limit, self.taken, self.given = iter(chunks), limit, 0, 0

    def read(self, size: int = -1) -> bytes:
        """The next chunk whole, whatever size is asked for; empty at the end."""
        chunk = next(self.chunks, b"")
        self.taken += len(chunk)
        return chunk

    def count(self, piece: bytes) -> None:
        self.given += len(piece)
        if self.given > self.limit:
            raise LogError("bomb", f"more than {self.limit} bytes")
        if self.given > RATIO_COUNTS_ABOVE and self.given > MAX_RATIO * self.taken:
            raise LogError("bomb", f"more than {MAX_RATIO} : 1")


def _identity(meter: _Meter) -> Iterator[bytes]:
    while chunk := meter.read():
        yield chunk


def _gzip(meter: _Meter) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(31)
    try:
        while not unpacker.eof:
            chunk = unpacker.unconsumed_tail or meter.read()
            if not chunk:
                raise LogError("not-canonical", "gzip breaks off")
            if piece := unpacker.decompress(chunk, PIECE):
                yield piece
    except zlib.error as e:
        raise LogError("not-canonical", "gzip") from e
    if unpacker.unused_data or meter.read():
        raise LogError("not-canonical", "bytes after the gzip stream")


def _zstd(meter: _Meter) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    reader = unpacker.stream_reader(_Small(meter), read_size=4096)  # type: ignore[arg-type]  # it reads
    try:
        while piece := reader.read(PIECE):
            yield piece
    except zstandard.ZstdError as e:
        code = "bomb" if "memory" in str(e) or "window" in str(e).lower() else "not-canonical"
        raise LogError(code, "zstd") from e


class _Small:
    """Hands out exactly as many bytes as asked for, as the zstd reader expects."""

    def __init__(self, meter: _Meter) -> None:
        self.meter, self.left = meter, b""

    def read(self, size: int) -> bytes:
        if not self.left:
            self.left = self.meter.read()
        piece, self.left = self.left[:size], self.left[size:]
        return piece


_DECODERS: dict[str, Callable[[_Meter], Iterator[bytes]]] = {
    "": _identity,
    "identity": _identity,
    "gzip": _gzip,
    "zstd": _zstd,
}
