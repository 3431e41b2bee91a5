"""Free ports on loopback."""

import errno
import socket

from kakehashi.errors import NodeMisconfigured


def is_free(port: int) -> bool:
    """True if nothing listens on the port, on IPv4 loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def next_free(wanted: int, taken: set[int]) -> int:
    """`wanted`, or the next port that is free and not in `taken`."""
    for port in range(wanted, min(wanted + 200, 65536)):
        if port not in taken and is_free(port):
            return port
    raise NodeMisconfigured(f"no free port from {wanted} on")
