"""Signed requests: everything must be covered, everything is fresh, nothing comes twice."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver

from kakehashi.errors import ExchangeError
from kakehashi.exchange.http_signature import (
    SKEW,
    Caller,
    Ed25519ByLibsodium,
    Message,
    Nonces,
    authenticate,
    sign,
)
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.multibase import to_multibase

KEY = PrivateKey.from_seed(bytes(32))
KEY_ID = "https://osaka.example/.well-known/kx#http-1"
URL = "https://munich.example/kx/v1/channels/munich.example/kx/0123456789abcdef/0/entries?from=0&limit=512"
BODY = b'{"type":"kx.receipt"}'


def signed(now: datetime, body: bytes = b"", method: str = "GET", url: str = URL, **headers: str) -> Message:
    message = Message(method, url, {"content-type": "application/json", **headers} if body else {**headers})
    sign(message, body, key=KEY, key_id=KEY_ID, now=now)
    return message


def check(message: Message, now: datetime, body: bytes = b"", keys: Any = None) -> Caller:
    return authenticate(message, body, public_key=(keys or {KEY_ID: KEY.public}).get, now=now)


def code(message: Message, now: datetime, body: bytes = b"", keys: Any = None) -> str:
    with pytest.raises(ExchangeError) as caught:
        check(message, now, body, keys)
    return caught.value.code


def own(now: datetime, *, body: bytes = b"", label: str = "kx", **changes: Any) -> Message:
    """A request signed by the library with whatever it is told, as a careless or hostile client would."""
    message = Message("POST" if body else "GET", URL, {"content-type": "application/json"} if body else {})

    class Keys(HTTPSignatureKeyResolver):
        def resolve_private_key(self, key_id: str) -> PrivateKey:
            return KEY

    facts: dict[str, Any] = {
        "key_id": KEY_ID,
        "created": now,
        "expires": now + timedelta(seconds=60),
        "nonce": "A" * 24,
        "tag": "kx1",
        "include_alg": False,
        "covered_component_ids": ("@method", "@target-uri", *(("content-type",) if body else ())),
        "body": body or None,
        **changes,
    }
    signer = HTTPMessageSigner(signature_algorithm=Ed25519ByLibsodium, key_resolver=Keys())
    signer.sign(message, label=label, **{name: value for name, value in facts.items() if value is not None})
    return message


def test_a_signed_request_names_its_caller(now: datetime) -> None:
    assert check(signed(now), now).key_id == KEY_ID
    assert check(signed(now, BODY, "POST"), now, BODY).key_id == KEY_ID
    assert check(own(now), now).key_id == KEY_ID


def test_an_unsigned_request_is_refused(now: datetime) -> None:
    assert code(Message("GET", URL, {}), now) == "sig-missing"
    lonely = signed(now)
    del lonely.headers["Signature-Input"]
    assert code(lonely, now) == "sig-missing"


def test_another_method_path_query_or_host_is_refused(now: datetime) -> None:
    message = signed(now)
    for method, url in (
        ("POST", URL),
        ("GET", URL + "0"),
        ("GET", URL.replace("from=0", "from=1")),
        ("GET", URL.replace("munich.example/kx/v1", "kyoto.example/kx/v1")),
        ("GET", URL.replace("https:", "http:")),
    ):
        assert code(Message(method, url, message.headers), now) == "sig-invalid"


def test_another_body_or_type_is_refused(now: datetime) -> None:
    message = signed(now, BODY, "POST")
    assert code(message, now, BODY + b" ") == "sig-invalid"
    message.headers["content-type"] = "text/plain"
    assert code(message, now, BODY) == "sig-invalid"


def test_a_body_that_is_not_covered_is_refused(now: datetime) -> None:
    assert code(signed(now), now, BODY) == "sig-coverage"
    uncovered = own(now, body=BODY, covered_component_ids=("@method", "@target-uri"))
    assert code(uncovered, now, BODY) == "sig-coverage"


@pytest.mark.parametrize(
    "change",
    [
        {"covered_component_ids": ("@method",)},
        {"covered_component_ids": ()},
        {"covered_component_ids": ("@method", "@target-uri", "@authority")},
        {"covered_component_ids": ("@method", "@path")},
        {"nonce": None},
        {"nonce": "short"},
        {"nonce": "x" * 65},
        {"expires": None},
        {"label": "pyhms"},
    ],
    ids=str,
)
def test_threat_03_a_signature_that_covers_too_little_or_something_else_is_refused(
    now: datetime, change: Any
) -> None:
    """Threat 3: the library alone would accept a signature over only the method."""
    assert code(own(now, **change), now) == "sig-coverage"


def test_a_signature_for_another_purpose_is_refused(now: datetime) -> None:
    assert code(own(now, tag="other"), now) == "sig-invalid"
    assert code(own(now, tag=None), now) == "sig-invalid"


def test_two_signatures_are_one_too_many(now: datetime) -> None:
    one, two = own(now), own(now, label="second")
    both = {name: f"{one.headers[name]}, {two.headers[name]}" for name in ("Signature", "Signature-Input")}
    assert code(Message("GET", URL, both), now) == "sig-coverage"


def test_a_longer_life_than_a_minute_is_refused(now: datetime) -> None:
    assert code(own(now, expires=now + timedelta(seconds=61)), now) == "sig-expired"
    assert code(own(now, expires=now), now) == "sig-expired"


def test_the_clock_may_differ_by_exactly_two_minutes(now: datetime) -> None:
    """F13: from two minutes before creation to two minutes after expiry, and not one second more."""
    message = signed(now)
    last = now + timedelta(seconds=60) + SKEW
    for moment in (now - SKEW, now, last - timedelta(seconds=1)):
        check(message, moment)
    for moment in (now - SKEW - timedelta(seconds=1), last, now + timedelta(days=1), now - timedelta(days=1)):
        assert code(message, moment) == "sig-expired"


def test_an_unknown_key_and_another_key_are_told_apart(now: datetime) -> None:
    assert code(signed(now), now, keys={"x": KEY.public}) == "key-unknown"
    assert code(signed(now), now, keys={KEY_ID: PrivateKey.generate().public}) == "sig-invalid"


def test_a_small_order_key_verifies_nothing(now: datetime) -> None:
    weak = to_multibase(b"\xed\x01\x01" + bytes(31))
    message = signed(now)
    constant = base64.b64encode(b"\x01" + bytes(63)).decode()
    message.headers["Signature"] = f"kx=:{constant}:"
    assert code(message, now, keys={KEY_ID: weak}) == "sig-invalid"


@pytest.mark.parametrize(
    "headers",
    [
        {"Signature": "", "Signature-Input": ""},
        {"Signature": "kx=1", "Signature-Input": "kx=1"},
        {"Signature": "kx=:AA==:", "Signature-Input": 'kx=("@method")'},
        {"Signature": "kx=:%%:", "Signature-Input": "((((("},
        {"Signature": "kx=:AA==:", "Signature-Input": 'kx=("@method" "@target-uri");created=99999999999999'},
        {"Signature": "kx=:AA==:, kx=:AA==:", "Signature-Input": 'kx=("@method");tag="kx1"'},
        {"Signature": "ü", "Signature-Input": "ü"},
        {
            "Signature": "kx=:AA==:",
            "Signature-Input": 'kx=("x");created=1;expires=2;nonce="aaaaaaaaaaaaaaaa";keyid="";tag="kx1"',
        },
    ],
    ids=str,
)
def test_broken_signature_headers_raise_nothing_but_the_protocol_error(
    now: datetime, headers: dict[str, str]
) -> None:
    assert code(Message("GET", URL, headers), now).startswith("sig-")


def test_a_nonce_is_taken_once_and_forgotten_after_five_minutes(now: datetime) -> None:
    nonces, caller = Nonces(), Caller(KEY_ID, "A" * 24)
    nonces.use(caller, now)
    with pytest.raises(ExchangeError, match="sig-replay"):
        nonces.use(caller, now + timedelta(minutes=5))
    nonces.use(Caller("other", "A" * 24), now)
    nonces.use(caller, now + timedelta(minutes=5, seconds=1))


def test_no_replay_fits_between_the_memory_of_nonces_and_expiry(now: datetime) -> None:
    """A request accepted as early as can be is expired by the time that its nonce is forgotten."""
    message, first = signed(now), now - SKEW
    check(message, first)
    assert code(message, first + timedelta(minutes=5)) == "sig-expired"


def test_the_nonce_memory_is_bounded(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kakehashi.exchange.http_signature.MAX_NONCES", 3)
    nonces = Nonces()
    for i in range(3):
        nonces.use(Caller(KEY_ID, str(i)), now)
    with pytest.raises(ExchangeError, match="overloaded"):
        nonces.use(Caller(KEY_ID, "3"), now)
