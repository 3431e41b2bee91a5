"""A slow line in between: a TCP relay that holds bytes back and lets only so many through a second."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 1 << 16


@dataclass
class Line:
    """`delay`: seconds each way; `rate`: bytes a second each way, over all connections together.

    It listens at `at`, which may belong to another network than its connections to the target do.
    """

    target: int
    at: socket.socket
    delay: float
    rate: float
    carried: dict[str, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    free: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.at.getsockname()[1])

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: both directions until both ends are closed."""
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        with suppress(asyncio.CancelledError):  # the line is cut while connections are kept
            await asyncio.gather(self._carry(reader, back, "up"), self._carry(there, writer, "down"))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(under_way, writer))
        clock, piece = asyncio.get_running_loop(), b"x"
        while piece:
            try:
                piece = await reader.read(CHUNK)
            except OSError:
                piece = b""
            self.carried[way] += len(piece)
            self.free[way] = max(self.free[way], clock.time()) + len(piece) / self.rate
            under_way.put_nowait((self.free[way] + self.delay, piece))
        await delivery

    async def _deliver(
        self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        piece = b"x"
        while piece:
            due, piece = await under_way.get()
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            try:
                writer.write(piece)
                await writer.drain()
            except OSError:
                break
        writer.close()


@contextmanager
def relay(target: int, at: socket.socket, *, delay: float, rate: float) -> Iterator[Line]:
    """A line to `target` on loopback, in a thread of its own."""
    line, ready, loop = Line(target, at, delay, rate), threading.Event(), asyncio.new_event_loop()

    async def listen() -> None:
        await asyncio.start_server(line.connect, sock=line.at)
        ready.set()

    async def end() -> None:
        """What is still under way when the line is cut."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def run() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()
        loop.run_until_complete(end())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
