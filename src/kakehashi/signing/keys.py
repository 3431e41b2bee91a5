"""Ed25519 keys: private ones that sign, public ones enrolled after a check, fingerprints to read aloud."""

import hashlib
from functools import lru_cache

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.signing import SigningKey

from kakehashi.errors import BadKey, BadProof, SigningError
from kakehashi.signing.multibase import from_multibase, to_multibase

_ED25519_PUB = b"\xed\x01"  # multicodec prefix of an Ed25519 public key
SIGNATURE_BYTES = 64


class PrivateKey:
    """An Ed25519 private key. Neither repr nor str shows it."""

    def __init__(self, seed: bytes) -> None:
        self._key = SigningKey(seed)
        self.public: str = to_multibase(_ED25519_PUB + bytes(self._key.verify_key))

    @classmethod
    def generate(cls) -> "PrivateKey":
        """A new random key."""
        return cls(bytes(SigningKey.generate()))

    @classmethod
    def from_seed(cls, seed: bytes) -> "PrivateKey":
        """The key of a 32-byte seed (RFC 8032, section 5.1.5)."""
        if len(seed) != 32:
            raise BadKey("a seed has 32 bytes")
        return cls(seed)

    @property
    def seed(self) -> bytes:
        """The 32 bytes that are the secret; for storing only."""
        return bytes(self._key)

    def sign(self, message: bytes) -> bytes:
        """64-byte Ed25519 signature."""
        return self._key.sign(message).signature

    def __repr__(self) -> str:
        return f"PrivateKey(public={self.public})"


@lru_cache(maxsize=4096)
def public_bytes(multibase: str) -> bytes:
    """The 32 bytes of a public key `z6Mk…`, enrolled: canonical, in the main subgroup, not of small order.

    Raises BadKey. The check matters: some libraries accept one constant signature under a small-order key for
    *every* message.
    """
    try:
        raw = from_multibase(multibase)
    except SigningError as e:
        raise BadKey(str(e)) from e
    if len(raw) != 34 or raw[:2] != _ED25519_PUB:
        raise BadKey("not an Ed25519 public key")
    if not crypto_core_ed25519_is_valid_point(raw[2:]):
        raise BadKey("not a valid point: non-canonical, or of small order")
    return raw[2:]


def verify(public: str, message: bytes, signature: bytes) -> None:
    """Raise BadProof unless `signature` (64 bytes) over `message` is by `z6Mk…`; BadKey for a bad key."""
    key = public_bytes(public)
    if len(signature) != SIGNATURE_BYTES:
        raise BadProof("a signature has 64 bytes")
    try:
        crypto_sign_open(signature + message, key)
    except (BadSignatureError, CryptoError) as e:
        raise BadProof("signature does not verify") from e


def fingerprint(multibase: str) -> str:
    """Ten groups of four hex digits (160 bits of SHA-256 of the key) that two people compare by telephone."""
    digits = hashlib.sha256(public_bytes(multibase)).hexdigest()[:40]
    return " ".join(digits[i : i + 4] for i in range(0, 40, 4))
