"""Feed pages: NDJSON lines `{"h","i","p"}` and the trailer, written from stored bytes and read with caps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kakehashi.errors import LogError, NotCanonical
from kakehashi.exchange.header import Header
from kakehashi.signing import canonical
from kakehashi.signing.commit import SALT_BYTES, from_base64url, to_base64url

MEDIA_TYPE = "application/x-ndjson"
MAX_LIMIT = 2048
DEFAULT_LIMIT = 512
READ_LIMIT = 768  # what a reader asks for: 100,000 entries within what a partner grants in its first minute
MAX_PAGE_BYTES = 8 * 2**20
HARD_PAGE_BYTES = 16 * 2**20
_OVERHEAD = 512  # bytes of a line beside header and parts: member names, index, salts
_MAX_TRAILER = 8192


@dataclass(slots=True)
class Part:
    """One detachable payload: `data` is its canonical bytes, `salt` 32 bytes."""

    salt: bytes
    data: bytes


@dataclass(slots=True)
class Line:
    """One entry as it travels. `data` is the canonical bytes of `header`, proof included.

    `signed_by`: the public key by which its signature was verified already (verify.ahead).
    """

    index: int
    header: Header
    data: bytes
    parts: Mapping[str, Part]
    signed_by: str = ""


@dataclass(frozen=True)
class Limits:
    """Caps of one page, in bytes; entry and part limits come from the agreement."""

    entry: int = 32_768
    part: int = 262_144
    page: int = HARD_PAGE_BYTES
    lines: int = MAX_LIMIT

    @property
    def line(self) -> int:
        return self.entry + 2 * self.part + _OVERHEAD


@dataclass
class Page:
    """Lines in order, and the checkpoint of the size at which the page ends."""

    next: int
    note: str
    lines: list[Line] = field(default_factory=list)


def build_line(index: int, header: bytes, parts: Mapping[str, Part]) -> bytes:
    """One canonical line from canonical pieces; the member names stand in byte order."""
    payload = b",".join(_part_member(name, parts[name]) for name in sorted(parts))
    return b'{"h":%b,"i":%d,"p":{%b}}\n' % (header, index, payload)


def build_trailer(next: int, note: str, size: int | None = None) -> bytes:
    """The last line of a page that ends at `next`: the size of the checkpoint in `note`, unless `size` is."""
    size = next if size is None else size
    return canonical.encode({"t": {"next": next, "size": size, "checkpoint": note}}) + b"\n"


def split_lines(chunks: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """Lines without their newline, from chunks of any size; LogError (too-large) beyond a cap."""
    pending, total, count = bytearray(), 0, 0
    for chunk in chunks:
        total += len(chunk)
        if total > limits.page:
            raise LogError("too-large", f"a page of more than {limits.page} bytes")
        pending += chunk
        *whole, rest = pending.split(b"\n")
        for line in whole:
            count += 1
            if count > limits.lines + 1:
                raise LogError("too-large", f"more than {limits.lines} lines")
            yield bytes(line)
        if len(rest) > limits.line:
            raise LogError("too-large", f"a line of more than {limits.line} bytes")
        pending = bytearray(rest)
    if pending:
        raise LogError("not-canonical", "the page breaks off in the middle of a line")


def parse(lines: Iterable[bytes], start: int, limits: Limits, *, mirror: bool = False) -> Page:
    """The page that begins at index `start`; LogError for anything that is not exactly one page.

    A page of a `mirror` may end before the size that its checkpoint is of. Shape and order only: signatures,
    commitments and root are judged in verify.py.
    """
    found: list[Line] = []
    trailer: tuple[int, str] | None = None
    for data in lines:
        if trailer is not None:
            raise LogError("not-canonical", "lines after the trailer")
        value = _decode(data, limits)
        if value.keys() == {"t"}:
            trailer = _trailer(value["t"], mirror)
            continue
        found.append(_line(value, start + len(found), limits))
    if trailer is None:
        raise LogError("not-canonical", "no trailer")
    if trailer[0] != start + len(found):
        raise LogError("index-gap", f"{start + len(found)} entries known, the trailer says {trailer[0]}")
    return Page(next=trailer[0], note=trailer[1], lines=found)


def _decode(data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        value = canonical.decode(data, limit=max(limits.line, _MAX_TRAILER))
    except NotCanonical as e:
        raise LogError("not-canonical", str(e)[:200]) from e
    if type(value) is not dict:
        raise LogError("not-canonical", "a line is an object")
    return value


def _trailer(value: Any, mirror: bool) -> tuple[int, str]:
    if type(value) is not dict or value.keys() != {"next", "size", "checkpoint"}:
        raise LogError("not-canonical", "trailer")
    following, size, note = value["next"], value["size"], value["checkpoint"]
    if type(following) is not int or type(size) is not int or type(note) is not str:
        raise LogError("not-canonical", "trailer")
    if not 0 <= following <= size or (following < size and not mirror):
        raise LogError("not-canonical", "trailer")
    return following, note


def _line(value: dict[str, Any], expected: int, limits: Limits) -> Line:
    if value.keys() != {"h", "i", "p"} or type(value["h"]) is not dict or type(value["p"]) is not dict:
        raise LogError("not-canonical", "a line has h, i and p")
    if type(value["i"]) is not int or value["i"] != expected:
        raise LogError("index-gap", f"index {expected} was due")
    data = canonical.reencode(value["h"])
    if len(data) > limits.entry:
        raise LogError("too-large", f"a header of {len(data)} bytes")
    return Line(expected, value["h"], data, {name: _part(part, limits) for name, part in value["p"].items()})


def _part(value: Any, limits: Limits) -> Part:
    if type(value) is not dict or value.keys() != {"salt", "data"} or type(value["salt"]) is not str:
        raise LogError("not-canonical", "a part has salt and data")
    data = canonical.reencode(value["data"])
    if len(data) > limits.part:
        raise LogError("too-large", f"a part of {len(data)} bytes")
    try:
        salt = from_base64url(value["salt"])
    except NotCanonical as e:
        raise LogError("not-canonical", "salt") from e
    if len(salt) != SALT_BYTES:
        raise LogError("part-mismatch", "salt")
    return Part(salt, data)


def _part_member(name: str, part: Part) -> bytes:
    return b'"%b":{"data":%b,"salt":"%b"}' % (name.encode(), part.data, to_base64url(part.salt).encode())
