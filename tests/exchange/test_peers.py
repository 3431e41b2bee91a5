"""Addresses: only public names over TLS; in the demonstration only literal loopback (threat 28)."""

import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from kakehashi.errors import NodeMisconfigured, PeerError
from kakehashi.exchange import client as clients
from kakehashi.exchange.header import Signer
from kakehashi.exchange.keyset import key_id
from kakehashi.exchange.peers import Way, check_peers, way
from kakehashi.node import Node, save
from kakehashi.signing.keys import PrivateKey
from tests.home import MUNICH

PUBLIC = "192.0.43.8"  # an address that is global, in a table of our own: nothing is dialled


def signer() -> Signer:
    """A key of no importance."""
    return Signer(PrivateKey.generate(), key_id(MUNICH.name, "http-1"))


def to(url: str, *addresses: str, demo: bool = False, peers: dict[str, str] | None = None) -> Way:
    return way(url, peers=peers or {}, demo=demo, resolve=lambda name, port: addresses or (PUBLIC,))


def test_a_public_name_is_reached_at_the_address_it_was_resolved_to() -> None:
    assert to("https://osaka.example/kx/v1/x") == Way("https", PUBLIC, 443, "osaka.example")
    assert to("https://osaka.example/", "2606:4700::1111").authority == "[2606:4700::1111]:443"


@pytest.mark.parametrize(
    "url",
    [
        "http://osaka.example/",
        "ftp://osaka.example/",
        "file:///etc/passwd",
        "//osaka.example/",
        "osaka.example",
        "",
        "https://",
        "https:///path",
        "https://osaka.example:8443/",
        "https://osaka.example:80/",
        "https://osaka.example:x/",
        "https://user@osaka.example/",
        "https://user:pass@osaka.example/",
        "https://@osaka.example/",
        "https://osaka.example\\@evil.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.0.43.8/",
        "https://osaka.example%2f@evil.example/",
        "https://ｏsaka.example/",
        "https://[fe80::1%25eth0]/",
        "https://[bad/",
    ],
)
def test_addresses_of_any_other_form_are_never_dialled(url: str) -> None:
    with pytest.raises(PeerError, match="forbidden-address"):
        to(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2001:0:a00:1::f5ff:fffe",
        "not an address",
        "",
    ],
)
def test_threat_28_names_that_lead_inwards_are_refused_even_beside_a_public_address(address: str) -> None:
    for addresses in ((address,), (PUBLIC, address), (address, PUBLIC)):
        with pytest.raises(PeerError, match="forbidden-address"):
            to("https://osaka.example/", *addresses)


def test_a_name_without_address_is_refused() -> None:
    with pytest.raises(PeerError, match="forbidden-address"):
        way("https://osaka.example/", peers={}, demo=False, resolve=lambda name, port: [])


def test_the_demonstration_leads_a_listed_name_to_loopback_and_no_other() -> None:
    peers = {"osaka.example": "http://127.0.0.1:8002"}
    assert to("https://osaka.example/", demo=True, peers=peers) == Way(
        "http", "127.0.0.1", 8002, "osaka.example"
    )
    assert to("https://kyoto.example/", demo=True, peers=peers).scheme == "https"
    assert to("https://osaka.example/", peers=peers).scheme == "https"
    with pytest.raises(PeerError):
        to("https://kyoto.example/", "127.0.0.1", demo=True, peers=peers)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8002",
        "http://192.168.0.1:8002",
        "http://127.0.0.1",
        "https://127.0.0.1:8002",
        "http://127.0.0.1:8002/path",
        "http://osaka.example:8002",
        "127.0.0.1:8002",
        "",
    ],
)
def test_a_peer_table_holds_nothing_but_literal_loopback(address: str) -> None:
    with pytest.raises(NodeMisconfigured):
        check_peers({"osaka.example": address}, demo=True)


def test_a_peer_table_outside_the_demonstration_is_an_error_at_start(tmp_path: Path) -> None:
    real = Node(
        **{**{f: getattr(MUNICH, f) for f in MUNICH.__dataclass_fields__}, "demo": False, "folder": tmp_path}
    )
    save(real)
    clients.check_at_start(real, demo=False)
    (tmp_path / "peers.json").write_text('{"osaka.example": "http://127.0.0.1:8002"}')
    with pytest.raises(NodeMisconfigured):
        clients.check_at_start(real, demo=False)


@pytest.mark.parametrize(
    "name", ["localhost", "localhost.", "localtest.example", "rebind.example", "x" * 300]
)
def test_threat_28_no_socket_is_opened_towards_a_forbidden_address(
    name: str, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F12: a guard on every connection; the switch of the demonstration is off."""
    answers = iter([[PUBLIC, "10.0.0.1"]] + [["127.0.0.1"]] * 9)

    def resolved(host: str, port: int, **options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    def dialled(*args: Any, **options: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", dialled)
    monkeypatch.setattr(socket.socket, "connect", dialled)
    client = clients.Client(MUNICH, demo=False, signer=signer)
    with (
        pytest.raises(PeerError, match="forbidden-address"),
        client.request("GET", f"https://{name}/.well-known/kx", now=now, signed=False),
    ):
        pass
    client.close()


def test_the_environment_offers_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    client = clients.Client(MUNICH, demo=True, signer=signer)
    assert client.http.trust_env is False
    assert not client.http._mounts
    assert client.http.follow_redirects is False
    client.close()


def test_threat_27_an_answer_that_never_ends_is_cut_off_whatever_comes_in_time(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece comes at once, so no pause is too long; the whole is."""
    drops = iter(range(1000))

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in drops:
                yield b"x"

    client = clients.Client(MUNICH, demo=False, signer=signer)
    client.http = httpx.Client(
        transport=httpx.MockTransport(lambda asked: httpx.Response(200, stream=Endless()))
    )
    monkeypatch.setattr(clients, "resolve", lambda name, port: [PUBLIC])
    monkeypatch.setattr(clients, "WHOLE_SECONDS", -1.0)  # over before it began
    with (
        pytest.raises(PeerError, match="too-slow"),
        client.request("GET", "https://osaka.example/kx/v1/x", now=now, signed=False) as answer,
    ):
        answer.read()
    assert next(drops) < 3
