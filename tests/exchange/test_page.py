"""Pages and codings: what was written is read back, all else is refused with bounded effort."""

import contextlib
import gzip
import resource
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import rfc8785
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import LogError
from kakehashi.exchange.coding import choose, decode, encode
from kakehashi.exchange.page import Limits, Page, Part, build_line, build_trailer, parse, split_lines
from kakehashi.signing import canonical
from tests.exchange.origin import Origin

LIMITS = Limits()
GIB = 1 << 30


def read(data: bytes, start: int = 0, limits: Limits = LIMITS, step: int = 1000) -> Page:
    chunks = (data[i : i + step] for i in range(0, len(data), step))
    return parse(split_lines(chunks, limits), start, limits)


def code(data: bytes, **options: Any) -> str:
    with pytest.raises(LogError) as caught:
        read(data, **options)
    return caught.value.code


def test_a_written_page_is_read_back_line_by_line(now: datetime) -> None:
    origin = Origin(now)
    origin.put()
    origin.put()
    page = read(origin.feed())
    assert [line.header for line in page.lines] == [line.header for line in origin.lines]
    assert [line.data for line in page.lines] == [line.data for line in origin.lines]
    assert [dict(line.parts) for line in page.lines] == [dict(line.parts) for line in origin.lines]
    assert (page.next, page.note) == (3, origin.note())


@given(st.integers(0, 2**53 - 1), st.dictionaries(st.sampled_from(["body", "person"]), st.text(max_size=20)))
def test_lines_put_together_from_stored_pieces_are_canonical(index: int, texts: dict[str, str]) -> None:
    texts = {name: text.encode("utf-8", "ignore").decode() for name, text in texts.items()}
    parts = {name: Part(bytes(32), canonical.encode({"t": text})) for name, text in texts.items()}
    line = build_line(index, canonical.encode({"v": 1}), parts)
    salt = "A" * 43
    wanted = {
        "h": {"v": 1},
        "i": index,
        "p": {name: {"data": {"t": t}, "salt": salt} for name, t in texts.items()},
    }
    assert line == rfc8785.dumps(wanted) + b"\n"


@given(st.integers(1, 5000))
def test_the_size_of_chunks_does_not_matter(step: int) -> None:
    data = b'{"h":{},"i":0,"p":{}}\n' + build_trailer(1, "note")
    assert read(data, step=step).next == 1


def line(i: int = 0, h: str = "{}", p: str = "{}") -> bytes:
    return f'{{"h":{h},"i":{i},"p":{p}}}\n'.encode()


END = build_trailer(1, "note")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", "not-canonical"),
        (line(), "not-canonical"),
        (line() + END[:-1], "not-canonical"),
        (line() + END + line(1), "not-canonical"),
        (line() + END + END, "not-canonical"),
        (line() + b"\n" + END, "not-canonical"),
        (b"<html>\n</html>\n", "not-canonical"),
        (line().replace(b",", b", ") + END, "not-canonical"),
        (line().replace(b"\n", b"\r\n") + END, "not-canonical"),
        (b"[]\n" + END, "not-canonical"),
        (b"7\n" + END, "not-canonical"),
        (line(h="[]") + END, "not-canonical"),
        (line(p="[]") + END, "not-canonical"),
        (b'{"h":{},"i":0,"p":{},"x":1}\n' + END, "not-canonical"),
        (b'{"h":{},"i":0}\n' + END, "not-canonical"),
        (line(i=1) + END, "index-gap"),
        (b'{"h":{},"i":"0","p":{}}\n' + END, "index-gap"),
        (b'{"h":{},"i":true,"p":{}}\n' + END, "index-gap"),
        (line() + build_trailer(2, "note"), "index-gap"),
        (line() + line(1) + END, "index-gap"),
        (line(p='{"body":{"data":1}}') + END, "not-canonical"),
        (line(p='{"body":{"data":1,"salt":"AA"}}') + END, "part-mismatch"),
        (line(p='{"body":{"data":1,"salt":"%%"}}') + END, "not-canonical"),
        (line(p='{"body":{"data":1,"salt":7}}') + END, "not-canonical"),
        (line(p='{"body":7}') + END, "not-canonical"),
        (b'{"t":7}\n', "not-canonical"),
        (b'{"t":{"checkpoint":"x","next":1,"size":2}}\n', "not-canonical"),
        (b'{"t":{"checkpoint":7,"next":1,"size":1}}\n', "not-canonical"),
        (b'{"t":{"checkpoint":"x","next":"1","size":"1"}}\n', "not-canonical"),
        (b"[" * 5000 + b"]" * 5000 + b"\n" + END, "not-canonical"),
    ],
)
def test_what_is_not_exactly_one_page_is_refused(data: bytes, wanted: str) -> None:
    assert code(data) == wanted


def test_threat_27_caps_hold_for_lines_bytes_headers_and_parts() -> None:
    small = Limits(entry=100, part=100, page=5000, lines=3)
    assert code(b"".join(line(i) for i in range(5)), limits=small) == "too-large"
    assert code(b'"' + b"x" * 5001, limits=small) == "too-large"
    assert code(b'"' + b"x" * 4000, limits=small, step=100) == "too-large"
    long = "x" * 120
    assert code(line(h=f'{{"a":"{long}"}}') + END, limits=small) == "too-large"
    assert (
        code(line(p=f'{{"body":{{"data":"{long}","salt":"{"A" * 43}"}}}}') + END, limits=small) == "too-large"
    )


# codings


@given(st.binary(max_size=2000), st.sampled_from(["zstd", "gzip", ""]), st.integers(1, 500))
def test_every_coding_gives_back_the_bytes(data: bytes, coding: str, step: int) -> None:
    packed = encode(data, coding)
    chunks = [packed[i : i + step] for i in range(0, len(packed), step)]
    assert b"".join(decode(chunks, coding, 1 << 20)) == data


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("zstd, gzip", "zstd"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, zstd;q=0", "gzip"),
        ("", ""),
        ("br", ""),
        ("ZSTD", "zstd"),
        ("identity", ""),
    ],
)
def test_the_best_coding_that_is_accepted_is_chosen(accept: str, coding: str) -> None:
    assert choose(accept) == coding


def zstd_zeros() -> bytes:
    packer = zstandard.ZstdCompressor(level=19).compressobj()
    return b"".join(packer.compress(bytes(1 << 24)) for _ in range(64)) + packer.flush()


def gzip_zeros() -> bytes:
    return gzip.compress(bytes(1 << 28))


@pytest.mark.parametrize(("coding", "bomb"), [("zstd", zstd_zeros), ("gzip", gzip_zeros)])
def test_threat_26_a_bomb_is_refused_early_and_in_little_memory(coding: str, bomb: Any) -> None:
    packed = bomb()
    tracemalloc.start()
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LogError, match="bomb"):
        for _ in decode([packed], coding, GIB * 2):
            pass
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident < 32 << 10  # KiB


def test_a_window_above_8_mib_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = packer.compress(b"abc" * 1000) + packer.flush()
    with pytest.raises(LogError, match="bomb"):
        list(decode([packed], "zstd", 1 << 20))


def test_more_bytes_than_the_limit_are_refused_whatever_the_ratio() -> None:
    with pytest.raises(LogError, match="bomb"):
        list(decode([bytes(2000)], "", 1999))


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd, gzip", "x" * 1000])
def test_unknown_codings_are_refused(coding: str) -> None:
    with pytest.raises(LogError, match="unsupported-encoding"):
        list(decode([b"x"], coding, 10))


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
@given(data=st.binary(max_size=200))
def test_arbitrary_bytes_never_raise_anything_but_a_log_error(coding: str, data: bytes) -> None:
    with contextlib.suppress(LogError):
        assert len(b"".join(decode([data], coding, 1 << 20))) <= 1 << 20


def test_truncated_streams_do_not_become_pages(now: datetime) -> None:
    origin = Origin(now)
    origin.put()
    for coding in ("zstd", "gzip", ""):
        packed = encode(origin.feed(), coding)
        for cut in range(0, len(packed), 97):
            with pytest.raises(LogError):
                parse(split_lines(decode([packed[:cut]], coding, 1 << 20), LIMITS), 0, LIMITS)


def test_a_page_read_in_pieces_is_read_lazily() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield line()

    with pytest.raises(LogError):
        parse(split_lines(endless(), LIMITS), 0, LIMITS)
