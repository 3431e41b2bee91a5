"""Free ports on loopback."""

import errno
import socket
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

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


def claim(port: int) -> FileLock | None:
    """A hold on the port against other supervisors of this machine that are starting now; None if one has it.

    A port stays free until the server listens on it, seconds after it was chosen.
    """
    lock = FileLock(Path(tempfile.gettempdir()) / f"kakehashi-port-{port}.lock")
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):  # OSError: another user's lock
        return None
    return lock


def next_free(wanted: int) -> tuple[int, FileLock]:
    """`wanted`, or the next port that is free and that nobody claims, with our claim on it."""
    for port in range(wanted, min(wanted + 200, 65536)):
        if is_free(port) and (lock := claim(port)):
            return port, lock
    raise NodeMisconfigured(f"no free port from {wanted} on")
