"""Hostile feed pages: whatever arrives, it is refused with a documented code or it is the page (F10).

`python -m tests.faults.pages --cases 1000000 --state FILE`; the short form is in test_faults.py.
"""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kakehashi.errors import LogError
from kakehashi.exchange import coding, verify
from kakehashi.exchange.page import HARD_PAGE_BYTES, Limits, parse, split_lines
from kakehashi.signing import canonical
from tests.exchange.origin import THERE, Origin
from tests.faults import long

LOG_CODES = {
    "bomb", "checkpoint-sig", "fork", "index-gap", "key-unknown", "keyset-rollback", "keyset-stale",
    "not-canonical", "part-mismatch", "part-missing", "root-mismatch", "too-large", "unsupported-encoding",
    "wrong-channel",
}  # fmt: skip  # EXCHANGE 16: codes of a page as a whole
RECORD_CODES = {
    "record-sig", "schema-unknown", "schema-invalid", "policy-kind", "policy-topic", "policy-region",
    "policy-tlp", "policy-part", "rev-gap", "expired", "clock", "part-missing", "key-revoked", "not-a-party",
    "agreement-not-active", "agreement-ended", "agreement-conflict", "wrong-channel", "part-mismatch",
}  # fmt: skip  # of one record in a sound page
STRANGE: list[Any] = [
    None, True, 0, -1, 1, 2**53, 2**63, -(2**70), 0.5, "", "0", "\x00", "\ud800", "\u202e", THERE,
    "sha256-" + "0" * 43, "urn:uuid:" + "0" * 36, "2026-11-22T09:00:00Z", "9999-99-99T99:99:99Z", "é" * 500,
    [], [[]], {}, {"": {}}, {"a": [1, {"b": None}]}, [None] * 50, {"x" * 100: 1},
]  # fmt: skip
MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def honest(records: int = 3) -> Origin:
    origin = Origin(MOMENT)
    for _ in range(records):
        origin.put()
    return origin


HONEST = honest()
FEED = HONEST.feed()


def read(origin: Origin, chunks: list[bytes], packed: str = "") -> verify.Judgement:
    """A page as a reader takes it: unpacked, cut into lines, parsed, judged."""
    limits = Limits()
    lines = split_lines(coding.decode(chunks, packed, HARD_PAGE_BYTES), limits)
    return verify.judge(parse(lines, 0, limits), origin.start(), {}, origin.trust())


def bytes_changed(rng: random.Random, data: bytes) -> bytes:
    """One to four alterations anywhere."""
    for _ in range(rng.randint(1, 4)):
        a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        piece = rng.choice(
            [b"", rng.randbytes(rng.randint(1, 8)), data[a : a + 64], b'"', b"}\n{", b"\\u0041"]
        )
        how = rng.randrange(4)
        if how == 0:
            data = data[:a] + piece + data[a + len(piece) :]
        elif how == 1:
            data = data[:a] + piece + data[a:]
        elif how == 2:
            data = data[:a] + data[min(b, a + 200) :]
        else:
            data = data[:b]
    return data


def lines_changed(rng: random.Random, data: bytes) -> bytes:
    """Lines left out, doubled, swapped, or of another sound page."""
    lines = data.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    other = rng.choice([*lines, *OTHER.splitlines(keepends=True)])
    how = rng.randrange(4)
    if how == 0:
        del lines[place]
    elif how == 1:
        lines.insert(place, other)
    elif how == 2:
        lines[place] = other
    else:
        rng.shuffle(lines)
    return b"".join(lines)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in list(members):
        yield value, key
        yield from places(inner)


def values_changed(rng: random.Random, data: bytes) -> bytes:
    """A line whose JSON says something else, written canonically where that is possible."""
    lines = data.splitlines()
    place = rng.randrange(len(lines))
    value = json.loads(lines[place])
    for _ in range(rng.randint(1, 3)):
        change(rng, value)
    lines[place] = written(value)
    return b"\n".join(lines) + b"\n"


def change(rng: random.Random, value: Any) -> None:
    """One member of a JSON value is taken out or made strange."""
    container, key = rng.choice([*places(value), ({}, "nowhere")])
    if rng.random() < 0.2 and isinstance(container, dict):
        container.pop(key, None)
    else:
        container[key] = deepcopy(rng.choice(STRANGE))


def written(value: Any) -> bytes:
    try:
        return canonical.encode(value)
    except Exception:
        escaped = len(str(value)) % 2 == 0  # half of what has no canonical form
        return json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")


def refused(error: LogError) -> str:
    """The code, if it is one that the protocol documents."""
    assert error.code in LOG_CODES, error.code
    return error.code


def on_the_way(rng: random.Random) -> str:
    """Somebody between the nodes alters a page: it is refused, or nothing was altered."""
    how: Callable[[random.Random, bytes], bytes] = rng.choice([bytes_changed, lines_changed, values_changed])
    altered = how(rng, FEED)
    try:
        judgement = read(HONEST, chunks_of(rng, altered))
    except LogError as error:
        return refused(error)
    return "unaltered" if altered == FEED else withheld(judgement)


def withheld(judgement: verify.Judgement) -> str:
    """The only alteration that passes: a part left out, as an origin may; it is noticed (threat 22)."""
    for verdict, line in zip(judgement.verdicts, HONEST.lines, strict=True):
        assert verdict.line.data == line.data, "an altered header was accepted"
        assert verdict.missing == (verdict.line.parts != line.parts), "a part is missing unnoticed"
        assert all(line.parts[name] == part for name, part in verdict.line.parts.items()), "an altered part"
    return "part-missing"


def by_the_origin(rng: random.Random) -> str:
    """The origin itself signs nonsense: the record is refused with a code, or the page is."""
    origin = honest(1)
    line = origin.lines.pop()
    unsigned = {name: value for name, value in line.header.items() if name != "proof"}
    for _ in range(rng.randint(1, 3)):
        change(rng, unsigned)
    try:
        origin.log(unsigned, dict(line.parts))
    except Exception:
        return "cannot be signed"
    if rng.random() < 0.3:
        last = origin.lines[-1]
        changed = {**last.header, "proof": rng.choice(STRANGE)}
        try:
            origin.lines[-1] = replace(last, header=changed, data=canonical.encode(changed))
        except Exception:
            return "cannot be signed"
    try:
        verdicts = read(origin, [origin.feed()]).verdicts
    except LogError as error:
        return refused(error)
    codes = {v.code for v in verdicts} - {""}
    assert codes <= RECORD_CODES, codes
    return min(codes, default="accepted")


def packed(rng: random.Random) -> str:
    """Packed bytes that are broken, cut, or bombs."""
    name = rng.choice(["zstd", "gzip"])
    plain = FEED if rng.random() < 0.8 else bytes(rng.randint(1, 3) * 2**20)
    data = coding.encode(plain, name)
    altered = bytes_changed(rng, data) if rng.random() < 0.9 else data
    try:
        read(HONEST, chunks_of(rng, altered), name)
    except LogError as error:
        return refused(error)
    unpacked = b"".join(coding.decode([altered], name, HARD_PAGE_BYTES))
    assert unpacked == FEED, "an altered page was accepted"
    return "unaltered"


def chunks_of(rng: random.Random, data: bytes) -> list[bytes]:
    size = rng.choice([1 << 16, 1 << 10, 97])
    return [data[i : i + size] for i in range(0, len(data), size)]


OTHER = honest(2).feed()


def case(rng: random.Random) -> str:
    """One hostile page; AssertionError or any other exception than LogError is a violation."""
    kind = rng.random()
    return on_the_way(rng) if kind < 0.8 else by_the_origin(rng) if kind < 0.9 else packed(rng)


if __name__ == "__main__":
    long.end(__doc__ or "", case, cases=1_000_000)
