"""The KX profile of JCS (RFC 8785): one function that produces signed bytes, one that accepts them."""

import re
from typing import Any

import orjson

from kakehashi.errors import NotCanonical

MAX_DEPTH = 16
MAX_KEYS = 512
MAX_INTEGER = 2**53 - 1

# ASCII only: makes the UTF-16 order of JCS equal to byte order. The second form: proof members and tags.
_KEY = re.compile(r"[a-z0-9_]{1,64}|[A-Za-z-]{2,35}")


def encode(obj: Any) -> bytes:
    """Canonical UTF-8 bytes of a value made of dict, list, str, int, bool and None.

    Raises NotCanonical on anything outside the profile: floats, integers beyond 2^53-1, other keys, lone
    surrogates, depth over 16, more than 512 keys in one object.
    """
    _walk(obj, 1)
    try:
        return orjson.dumps(obj, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as e:  # lone surrogates
        raise NotCanonical(f"text is not Unicode: {e}") from e


def decode(data: bytes, *, limit: int) -> Any:
    """The value whose canonical bytes `data` is; NotCanonical otherwise.

    The receiver's rule, before any cryptography: length limit, parse, walk the types, serialise again,
    compare. Duplicate keys, escapes, spaces, byte-order marks and -0 all fail in the comparison.
    """
    if len(data) > limit:
        raise NotCanonical(f"{len(data)} bytes, limit {limit}")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as e:
        raise NotCanonical(f"not JSON: {e.msg}") from e
    if encode(value) != data:
        raise NotCanonical("bytes differ from their canonical form")
    return value


def reencode(value: Any) -> bytes:
    """Canonical bytes of a value that `decode` gave, or of a part of one: its types were walked already."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _walk(value: Any, depth: int) -> None:
    kind = type(value)  # exact types: a subclass could serialise as something else
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotCanonical("integer beyond 2^53-1")
        return
    if kind is not dict and kind is not list:
        raise NotCanonical(f"type {kind.__name__} has no place in signed data")
    if depth > MAX_DEPTH:
        raise NotCanonical(f"deeper than {MAX_DEPTH}")
    if kind is dict:
        _check_keys(value)
        value = value.values()
    for member in value:
        _walk(member, depth + 1)


def _check_keys(obj: dict[Any, Any]) -> None:
    if len(obj) > MAX_KEYS:
        raise NotCanonical(f"more than {MAX_KEYS} keys")
    for key in obj:
        if type(key) is not str or not _KEY.fullmatch(key):
            raise NotCanonical(f"key outside the profile: {key!r:.80}")
