"""Where a request may go: the one decision about addresses, so that no partner leads us inwards."""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kakehashi.errors import NodeMisconfigured, PeerError

Resolve = Callable[[str, int], Sequence[str]]
FORBIDDEN = "forbidden-address"


@dataclass(frozen=True)
class Way:
    """An address to dial, and the name that the other side is asked for (Host header and TLS)."""

    scheme: str
    host: str
    port: int
    name: str

    @property
    def authority(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def check_peers(peers: Mapping[str, str], demo: bool) -> None:
    """A peer table is for demonstration and tests; elsewhere, or not of loopback, NodeMisconfigured."""
    if peers and not demo:
        raise NodeMisconfigured("peers.json is only for a demonstration node started with KAKEHASHI_DEMO=1")
    for address in peers.values():
        _loopback(address)


def way(url: str, *, peers: Mapping[str, str], demo: bool, resolve: Resolve) -> Way:
    """How to reach `url`, an https address from a signed key set; PeerError (forbidden-address) otherwise.

    The name is resolved once and every address it has must be public; the connection goes to that address, so
    that a second answer of the name server cannot lead elsewhere.
    """
    name, port = _name_and_port(url)
    if demo and name in peers:
        host, port = _loopback(peers[name])
        return Way("http", host, port, name)
    if _is_address(name):
        raise PeerError(FORBIDDEN, "a node is named by a DNS name")
    addresses = resolve(name, port)
    if not addresses or not all(_is_public(address) for address in addresses):
        raise PeerError(FORBIDDEN, f"{name} has no address, or one that is not public")
    return Way("https", addresses[0], port, name)


def _name_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as e:
        raise PeerError(FORBIDDEN, "no address") from e
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or "@" in parts.netloc:
        raise PeerError(FORBIDDEN, "only https with a plain name")
    if port not in (None, 443):
        raise PeerError(FORBIDDEN, "only port 443")
    if not parts.hostname.isascii() or "%" in parts.netloc or "\\" in url:
        raise PeerError(FORBIDDEN, "only plain names")
    return parts.hostname, 443


def _loopback(address: str) -> tuple[str, int]:
    """Host and port of `http://<literal loopback>:<port>`; NodeMisconfigured for anything else."""
    try:
        parts = urlsplit(address)
        host, port = ipaddress.ip_address(parts.hostname or ""), parts.port
    except ValueError as e:
        raise NodeMisconfigured(f"{address} in peers.json is not a literal loopback address") from e
    if parts.scheme != "http" or not host.is_loopback or not port or parts.path not in ("", "/"):
        raise NodeMisconfigured(f"{address} in peers.json is not a literal loopback address with its port")
    return str(host), port


def _is_address(name: str) -> bool:
    """Also the forms that some resolvers take for addresses: 2130706433, 0x7f.1, 127.1."""
    return ":" in name or bool(re.fullmatch(r"0x[0-9a-f]*|[0-9]+", name.rstrip(".").rpartition(".")[2]))


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in ipaddress.ip_network("64:ff9b::/96") or found in ipaddress.ip_network("64:ff9b:1::/48"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved
