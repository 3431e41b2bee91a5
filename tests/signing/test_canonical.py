"""Canonical bytes: what the profile accepts equals RFC 8785, all else is refused before any cryptography."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import NotCanonical
from kakehashi.signing.canonical import MAX_DEPTH, MAX_INTEGER, MAX_KEYS, decode, encode

VECTORS = Path(__file__).parent / "vectors" / "jcs"
LIMIT = 1 << 20

keys = st.from_regex(r"[a-z0-9_]{1,64}|[A-Za-z-]{2,35}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8"), max_size=30)
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


def nested(depth: int) -> Any:
    return [] if depth == 1 else [nested(depth - 1)]


@given(documents)
def test_what_we_encode_is_what_an_independent_rfc_8785_encoder_writes(document: Any) -> None:
    assert encode(document) == rfc8785.dumps(document)


@given(documents)
def test_decode_gives_back_what_encode_was_given(document: Any) -> None:
    assert decode(encode(document), limit=LIMIT) == document


@given(documents, st.integers(0, 10_000), st.integers(0, 255))
def test_bytes_that_decode_are_the_only_bytes_of_their_value(document: Any, place: int, byte: int) -> None:
    data = bytearray(encode(document))
    data[place % len(data)] = byte
    try:
        value = decode(bytes(data), limit=LIMIT)
    except NotCanonical:
        return
    assert rfc8785.dumps(value) == bytes(data)


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_refused_with_one_error_type_or_are_canonical(data: bytes) -> None:
    try:
        value = decode(data, limit=LIMIT)
    except NotCanonical:
        return
    assert rfc8785.dumps(value) == data


@pytest.mark.vectors
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_jcs_vectors_are_met_or_fall_outside_the_profile(name: str) -> None:
    value = orjson.loads((VECTORS / f"{name}.input.json").read_bytes())
    wanted = (VECTORS / f"{name}.output.json").read_bytes()
    assert rfc8785.dumps(value) == wanted  # the oracle itself
    if name == "arrays":
        assert encode(value) == wanted
    else:  # floats, or keys such as "" and "pêche"
        with pytest.raises(NotCanonical):
            encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":99999999999999999999999999}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\u00e4"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"":1}',
        b'{"A b":1}',
        b'{"@context":1}',
        '{"ä":1}'.encode(),
        b'{"A":1}',
        b"{'a':1}",
        b"",
        b"nul",
        b"[" * 2000 + b"]" * 2000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
    ],
)
def test_threat_14_json_tricks_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data, limit=LIMIT)


def test_the_byte_limit_is_exact() -> None:
    data = encode({"a": "x" * 10})
    assert decode(data, limit=len(data))
    with pytest.raises(NotCanonical, match="limit"):
        decode(data, limit=len(data) - 1)


def test_depth_integers_and_keys_are_bounded_exactly() -> None:
    encode(nested(MAX_DEPTH))
    encode({f"k{i}": i for i in range(MAX_KEYS)})
    encode([MAX_INTEGER, -MAX_INTEGER])
    for excess in (
        nested(MAX_DEPTH + 1),
        {f"k{i}": i for i in range(MAX_KEYS + 1)},
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
    ):
        with pytest.raises(NotCanonical):
            encode(excess)


@pytest.mark.parametrize("value", [1.5, b"x", (1,), {1: 2}, {"a": {3}}, {"ab\n": 1}, "\ud800", {"a": 2**64}])
def test_values_outside_the_profile_are_refused_when_producing_too(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


def test_subclasses_that_could_serialise_as_something_else_are_refused() -> None:
    class Odd(str):
        pass

    with pytest.raises(NotCanonical):
        encode({"a": Odd("b")})
