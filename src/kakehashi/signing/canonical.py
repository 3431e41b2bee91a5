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
    _walk(obj)
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


def _walk(value: Any) -> None:
    """Level by level; exact types, as a subclass could serialise as something else."""
    level, depth = [value], 1
    while level:
        below: list[Any] = []
        for member in level:
            kind = type(member)
            if kind is str or kind is bool or member is None:
                continue
            if kind is int:
                if not -MAX_INTEGER <= member <= MAX_INTEGER:
                    raise NotCanonical("integer beyond 2^53-1")
                continue
            if kind is not dict and kind is not list:
                raise NotCanonical(f"type {kind.__name__} has no place in signed data")
            if depth > MAX_DEPTH:
                raise NotCanonical(f"deeper than {MAX_DEPTH}")
            if kind is dict:
                _check_keys(member)
            below += member.values() if kind is dict else member
        level, depth = below, depth + 1


_known_keys: set[str] = set()  # that were checked before; few in number, and in every object again
_MANY_KEYS = 4096


def _check_keys(obj: dict[Any, Any]) -> None:
    if len(obj) > MAX_KEYS:
        raise NotCanonical(f"more than {MAX_KEYS} keys")
    if obj.keys() <= _known_keys:
        return
    for key in obj:
        if type(key) is not str or not _KEY.fullmatch(key):
            raise NotCanonical(f"key outside the profile: {key!r:.80}")
    if len(_known_keys) < _MANY_KEYS:
        _known_keys.update(obj)
