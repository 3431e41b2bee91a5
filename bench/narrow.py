"""A network of the bench's own, whose loopback device `tc tbf` narrows. Linux, as root; else none."""

import ctypes
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NEEDED = ("unshare", "nsenter", "ip", "tc")
MADE = "ip link set lo mtu 1500 up && tc qdisc add dev lo root tbf rate {}bit burst 128kb latency 400ms"
CLONE_NEWNET = 0x40000000  # linux/sched.h


class Network:
    """A network namespace: it is there as long as the process `held_by`."""

    def __init__(self, held_by: int) -> None:
        self._name = f"/proc/{held_by}/ns/net"

    def command(self) -> list[str]:
        """What a command begins with that runs in this network."""
        return ["nsenter", f"--net={self._name}"]

    def listen(self) -> socket.socket:
        """A socket of this network, though its process is in another: it stays where it was made."""
        here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(self._name, os.O_RDONLY)
        try:
            _enter(there)
            return socket.create_server(("127.0.0.1", 0))
        finally:
            _enter(here)
            os.close(there)
            os.close(here)


def _enter(namespace: int) -> None:
    """Bring this thread, and no other, into a network."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def narrow(bits: int) -> Iterator[Network | None]:
    """A network whose loopback device lets `bits` a second through, both ways together; None without one."""
    if sys.platform != "linux" or os.geteuid() or not all(map(shutil.which, NEEDED)):
        yield None
        return
    script = f"{MADE.format(bits)} && echo made && exec cat"
    command, pipe = ["unshare", "--net", "sh", "-c", script], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:  # at the end `cat` ends
        made = holder.stdout is not None and holder.stdout.readline() == "made\n"
        yield Network(holder.pid) if made else None
