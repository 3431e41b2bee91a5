"""Request authentication by RFC 9421 with Ed25519 from libsodium, and rules that the library leaves open."""

import secrets
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from kakehashi.errors import BadProof, ExchangeError, SigningError
from kakehashi.signing.keys import PrivateKey, verify

LABEL, TAG = "kx", "kx1"
LIFETIME = timedelta(seconds=60)
SKEW = timedelta(seconds=120)
NONCE_MEMORY = timedelta(minutes=5)
MAX_NONCES = 100_000
_NONCE_BYTES = 16
_ALWAYS = ("@method", "@target-uri")
_WITH_BODY = (*_ALWAYS, "content-digest", "content-type")

PublicKeyOf = Callable[[str], str | None]


class Ed25519ByLibsodium(HTTPSignatureAlgorithm):
    """The one verifier: no key of ours reaches any other library."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: str | None = None, private_key: PrivateKey | None = None) -> None:
        self.public_key, self.private_key = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        if self.private_key is None:
            raise SigningError("no private key")
        return self.private_key.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        if self.public_key is None:
            raise BadProof("no public key")
        verify(self.public_key, message, signature)


@dataclass
class Message:
    """A request as both sides see it. `url` begins with the signed base, whatever address was dialled."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Who made a request, by the key that signed it."""

    key_id: str
    nonce: str


def sign(message: Message, body: bytes, *, key: PrivateKey, key_id: str, now: datetime) -> None:
    """Add the signature headers (and content-digest, if there is a body) to `message.headers`."""
    signer = HTTPMessageSigner(signature_algorithm=Ed25519ByLibsodium, key_resolver=_OneKey(key))
    signer.sign(
        message,
        key_id=key_id,
        created=now,
        expires=now + LIFETIME,
        nonce=b64encode(secrets.token_bytes(_NONCE_BYTES)).decode(),
        label=LABEL,
        tag=TAG,
        include_alg=False,
        covered_component_ids=(*_ALWAYS, "content-type") if body else _ALWAYS,
        body=body or None,
    )


def authenticate(message: Message, body: bytes, *, public_key: PublicKeyOf, now: datetime) -> Caller:
    """Who signed the request; ExchangeError with a 401 code of EXCHANGE.md section 16 otherwise.

    The caller still has to ask its `Nonces` whether the request was seen before.
    """
    names = {name.lower() for name in message.headers}
    if not {"signature", "signature-input"} <= names:
        raise ExchangeError("sig-missing")
    needed = _WITH_BODY if body else _ALWAYS
    verifier = _Verifier(public_key, now)
    try:
        found = verifier.verify(
            message, max_age=LIFETIME, expect_tag=TAG, require_components=needed, body=body
        )
    except _Refused as e:
        raise ExchangeError(e.code) from e
    except InvalidSignature as e:
        raise ExchangeError(_code(e), str(e)[:200]) from e
    except (HTTPMessageSignaturesException, SigningError, ValueError, TypeError, KeyError) as e:
        raise ExchangeError("sig-invalid", str(e)[:200]) from e
    if len(found) != 1 or found[0].label != LABEL or set(_names(found[0])) != set(needed):
        raise ExchangeError("sig-coverage")
    return Caller(str(found[0].parameters["keyid"]), str(found[0].parameters["nonce"]))


class Nonces:
    """The nonces of the last five minutes, at most 100,000; kept by the process."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = Lock()

    def use(self, caller: Caller, now: datetime) -> None:
        """Remember a nonce; ExchangeError sig-replay if it was used, overloaded if there is no room."""
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < now - NONCE_MEMORY:
                self._seen.popitem(last=False)
            if (caller.key_id, caller.nonce) in self._seen:
                raise ExchangeError("sig-replay")
            if len(self._seen) >= MAX_NONCES:
                raise ExchangeError("overloaded")
            self._seen[caller.key_id, caller.nonce] = now


class _Refused(InvalidSignature):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: PrivateKey) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> PrivateKey:
        return self.key


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, public_key: PublicKeyOf) -> None:
        self.public_key = public_key

    def resolve_public_key(self, key_id: str) -> str:
        try:
            public = self.public_key(key_id)
        except ExchangeError as e:  # what it is, the library would not tell
            raise _Refused(e.code) from e
        if public is None:
            raise _Refused("key-unknown")
        return public


class _Verifier(HTTPMessageVerifier):
    """The library's verifier, told the time instead of reading a clock, and with exact bounds."""

    def __init__(self, public_key: PublicKeyOf, now: datetime) -> None:
        super().__init__(signature_algorithm=Ed25519ByLibsodium, key_resolver=_Keys(public_key))
        self.now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        parameters: Mapping[str, Any] = sig_input.params
        if not {"created", "expires", "nonce", "keyid", "tag"} <= set(parameters):
            raise _Refused("sig-coverage")
        created, expires = (_moment(parameters[name]) for name in ("created", "expires"))
        if not created < expires <= created + LIFETIME:
            raise _Refused("sig-expired")
        if self.now < created - SKEW or self.now >= expires + SKEW:
            raise _Refused("sig-expired")
        if not 16 <= len(parameters["nonce"]) <= 64:
            raise _Refused("sig-coverage")


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError) as e:
        raise _Refused("sig-expired") from e


def _names(result: Any) -> list[str]:
    return [name.strip('"') for name in result.covered_components if name != '"@signature-params"']


def _code(error: InvalidSignature) -> str:
    """The library says by text alone that a required component was not covered."""
    return (
        "sig-coverage"
        if "not covered" in str(error) or "signed Content-Digest" in str(error)
        else "sig-invalid"
    )
