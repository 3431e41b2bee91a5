"""Salted commitments to detachable parts of a record, and the one form of timestamps in signed data."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from kakehashi.errors import NotCanonical
from kakehashi.signing.canonical import encode

SALT_BYTES = 32
_PREFIX = b"kx1-part\0"
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def new_salt() -> bytes:
    """32 random bytes; fresh for every part and revision, so that an erased part cannot be guessed."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, data: Any) -> str:
    """`sha256-…` over prefix, salt and canonical bytes. A fixed salt length leaves no ambiguity."""
    if len(salt) != SALT_BYTES:
        raise NotCanonical(f"a salt has {SALT_BYTES} bytes")
    return commitment_of_bytes(salt, encode(data))


def commitment_of_bytes(salt: bytes, canonical: bytes) -> str:
    """The same for data whose canonical bytes are at hand."""
    return hash_name(hashlib.sha256(_PREFIX + salt + canonical).digest())


def hash_name(digest: bytes) -> str:
    """`sha256-…` form of 32 bytes."""
    return "sha256-" + to_base64url(digest)


def to_base64url(data: bytes) -> str:
    """base64url without padding (RFC 4648, section 5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Strict inverse: NotCanonical for padding, other characters or stray bits."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, TypeError) as e:
        raise NotCanonical("not base64url") from e
    if to_base64url(data) != text:
        raise NotCanonical("not canonical base64url")
    return data


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with whole seconds and `Z`; ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a timestamp needs a time zone")
    return _stamp(moment)


@lru_cache(maxsize=1024)  # the entries of a page have few different ones
def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime:
    """Inverse of `stamp`; ValueError for every other form."""
    if type(text) is not str:
        raise ValueError(f"not a timestamp: {text!r:.40}")
    return _parse_stamp(text)


@lru_cache(maxsize=1024)
def _parse_stamp(text: str) -> datetime:
    if not _STAMP.fullmatch(text):
        raise ValueError(f"not a timestamp: {text!r:.40}")
    return datetime.fromisoformat(text)
