"""A partner on a port of this machine, and this node's own client led to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps, loads
from threading import Thread
from typing import Any

from kakehashi import this
from kakehashi.exchange import jobs
from kakehashi.exchange.client import Client
from tests.exchange.origin import THERE

Answer = tuple[int, bytes]


@contextmanager
def served(
    answer: Callable[[str, str, bytes], Answer], *, date: str = "", node: str = THERE
) -> Iterator[Client]:
    """`answer(method, path, body)` says what the partner answers; `date` what its clock shows.

    A second partner may be served inside the block of the first.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = answer(self.command, self.path, sent)
            self.send_response_only(status)
            self.send_header("Date", date or self.date_time_string())
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    table = this.node().folder / "peers.json"
    others = loads(table.read_text()) if table.exists() else {}
    table.write_text(dumps({**others, node: f"http://127.0.0.1:{server.server_address[1]}"}))
    jobs.client.cache_clear()
    client = jobs.client()
    try:
        yield client
    finally:
        client.close()
        jobs.client.cache_clear()
        table.unlink()
        if others:
            table.write_text(dumps(others))
        server.shutdown()
        server.server_close()
