"""Two real nodes below one folder: a web process each on loopback, commands in processes of their own."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from kakehashi.bridge.demonstration import create
from kakehashi.node import Node, save

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0  # seconds; the machine of the tests may be busy


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Helper:
    """A process of one node that does what it is told."""

    def __init__(self, running: "Running", side: str, **environment: str) -> None:
        self.side = side
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.two_nodes.act"],
            env=running.environment(side, **environment),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, action: str, **arguments: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([action, arguments]) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline() or '{"error": "the process ended"}')
        assert "error" not in answer, f"{self.side}:\n{answer['error']}"
        return answer["result"]

    def do(self, action: str, **arguments: Any) -> Any:
        self.tell(action, **arguments)
        return self.answer()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Running:
    """Both nodes, their web processes started and stopped by name."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.nodes: dict[str, Node] = {node.side: node for node in create(home)}
        self.ports = {side: free_port() for side in self.nodes}
        self.web: dict[str, subprocess.Popen[bytes]] = {}
        self.helpers: dict[str, Helper] = {}
        for side in self.nodes:
            self.point(side)

    def point(self, side: str, **addresses: str) -> None:
        """Write the peer table of one node; `addresses` replaces those of partners."""
        table = {
            node.name: addresses.get(other, f"http://127.0.0.1:{self.ports[other]}")
            for other, node in self.nodes.items()
            if other != side
        }
        (self.nodes[side].folder / "peers.json").write_text(json.dumps(table), "utf-8")

    def environment(self, side: str, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KAKEHASHI_")}
        chosen = {"KAKEHASHI_NODE": str(self.nodes[side].folder), "KAKEHASHI_HOME": str(self.home)}
        return {**kept, **chosen, "KAKEHASHI_DEMO": "1", "PYTHONPATH": str(ROOT), **more}

    def start(self, side: str, **environment: str) -> None:
        with (self.nodes[side].folder / "serve.log").open("ab") as log:
            self.web[side] = subprocess.Popen(
                [sys.executable, "-m", "kakehashi.serve", str(self.ports[side])],
                env=self.environment(side, **environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urlopen(f"http://127.0.0.1:{self.ports[side]}/healthz", timeout=10):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError((self.nodes[side].folder / "serve.log").read_text("utf-8"))

    def stop(self, side: str, *, kill: bool = False) -> None:
        process = self.web.pop(side, None)
        if process is not None:
            process.kill() if kill else process.terminate()
            process.wait(PATIENCE)

    def do(self, side: str, action: str, **arguments: Any) -> Any:
        """Run one function of act.py in the helper process of that node."""
        if side not in self.helpers:
            self.helpers[side] = Helper(self, side)
        return self.helpers[side].do(action, **arguments)

    def shake_hands(self) -> str:
        """Add each other as partners, sign one agreement, open the channels. Gives its hash."""
        for side in self.nodes:
            self.do(side, "introduce")
            self.do(side, "follow")
        agreed = self.do("munich", "propose")
        assert self.do("munich", "deliver") == 1
        assert self.do("osaka", "sign") == agreed
        assert self.do("osaka", "deliver") == 1
        for side in self.nodes:
            self.do(side, "follow")
        return str(agreed)


@contextmanager
def two_nodes(home: Path, *, agreed: bool = True) -> Iterator[Running]:
    """Both nodes with tables, keys and web processes; stopped at the end whatever happens."""
    running = Running(home)
    try:
        for side in running.nodes:
            running.do(side, "prepare")
            running.start(side)
        if agreed:
            running.shake_hands()
        yield running
    finally:
        for helper in running.helpers.values():
            helper.stop()
        for side in list(running.web):
            running.stop(side)


@contextmanager
def third_node(running: Running, home: Path) -> Iterator[str]:
    """Kyoto beside the two: keys and a web process of its own, no agreement with anybody. Gives its side."""
    side = "kyoto"
    node = replace(running.nodes["osaka"], name="kyoto.example", side=side, folder=home / side)
    save(node)
    running.nodes[side], running.ports[side] = node, free_port()
    try:
        for each in running.nodes:
            running.point(each)
        for action in ("prepare", "ensure_keys"):
            running.do(side, action)
        running.start(side)
        yield side
    finally:
        running.stop(side)
        if side in running.helpers:
            running.helpers.pop(side).stop()
        del running.nodes[side], running.ports[side]
        for each in running.nodes:
            running.point(each)
