"""A bad line between two nodes: a TCP relay that delays, slows down, cuts, falsifies or is gone."""

import random
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 28\r\nConnection: close\r\n\r\n"
    b"<html>Please sign in.</html>"
)
PIECE = 1 << 14


@dataclass
class Weather:
    """What the line does. `delay`, `jitter`: seconds for each answer; `rate`: bytes a second, 0 for no limit.

    `cut` and `reset`: the share of answers that end too early, orderly or with a reset; `cut_at`: after how
    many bytes at most. `login`: somebody in between answers with a page of his own. `down`: nobody answers.
    """

    delay: float = 0.0
    jitter: float = 0.0
    rate: int = 0
    cut: float = 0.0
    reset: float = 0.0
    cut_at: int = 4000
    login: bool = False
    down: bool = False


@dataclass
class Line:
    """The relay: `port` is where it listens, `target` where it leads to; `weather` may change at any time."""

    target: int
    rng: random.Random
    weather: Weather = field(default_factory=Weather)
    port: int = 0
    calls: int = 0
    open: set[socket.socket] = field(default_factory=set)

    def carry(self, caller: socket.socket) -> None:
        """One connection: a request up, its answer down as the weather is, and so on."""
        self.calls += 1
        if self.weather.down:
            _reset(caller)
            return
        with socket.create_connection(("127.0.0.1", self.target)) as there:
            self.open.add(caller)
            up = threading.Thread(target=_up, args=(caller, there), daemon=True)
            up.start()
            self._down(there, caller)
            self.open.discard(caller)
            for end in (there, caller):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            up.join()

    def drop(self) -> None:
        """End the connections that are kept for later requests, so that the next one meets the weather."""
        for caller in list(self.open):
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)

    def _down(self, there: socket.socket, caller: socket.socket) -> None:
        ends = self._ends()
        sent = 0
        while piece := _read(there):
            now = self.weather
            if now.login:
                with suppress(OSError):
                    caller.sendall(HTML)
                return
            time.sleep(max(0.0, self.rng.gauss(now.delay, now.jitter)) if now.delay else 0.0)
            if ends is not None and sent + len(piece) > ends[0]:
                with suppress(OSError):
                    caller.sendall(piece[: ends[0] - sent])
                _reset(caller) if ends[1] else None
                return
            if now.rate:
                time.sleep(len(piece) / now.rate)
            try:
                caller.sendall(piece)
            except OSError:
                return
            sent += len(piece)

    def _ends(self) -> tuple[int, bool] | None:
        """After how many bytes this connection breaks, and whether with a reset; None if it holds."""
        now, drawn = self.weather, self.rng.random()
        if drawn < now.cut + now.reset:
            return self.rng.randrange(now.cut_at), drawn < now.reset
        return None


def _up(caller: socket.socket, there: socket.socket) -> None:
    while piece := _read(caller):
        try:
            there.sendall(piece)
        except OSError:
            break
    with suppress(OSError):
        there.shutdown(socket.SHUT_WR)


def _read(end: socket.socket) -> bytes:
    try:
        return end.recv(PIECE)
    except OSError:
        return b""


def _reset(end: socket.socket) -> None:
    """Close it so that the other side is told of an error, not of an end."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RD)  # whoever waits for more of it is let go
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        end.close()


@contextmanager
def line(target: int, rng: random.Random) -> Iterator[Line]:
    """A line to `target` on loopback, as long as the block runs."""
    made = Line(target, rng)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            made.carry(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, block_on_close, allow_reuse_address = True, False, True

        def handle_error(self, request: object, client_address: object) -> None:
            """A caller that has gone is part of the weather."""

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
