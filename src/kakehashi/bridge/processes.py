"""The processes of nodes: one web and one worker each, started again when they fall, stopped together."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

from kakehashi.node import Node

PATIENCE = 20.0  # seconds that a child gets to stop
RESTART_PAUSE = 2.0  # seconds before a fallen child is started again


def environment(node: Node) -> dict[str, str]:
    """The environment of a child: which node, and what the demonstration allows."""
    chosen = {
        **os.environ,
        "KAKEHASHI_HOME": str(node.folder.parent),
        "KAKEHASHI_NODE": str(node.folder),
        "KAKEHASHI_LEASH": "1",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",  # glibc: else each of thirty threads keeps what it has freed to itself
    }
    if node.demo:
        chosen["KAKEHASHI_DEMO"] = "1"
    return chosen


def start(node: Node, arguments: list[str], *, out: int | IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start `python -m …` for a node on a leash; Ctrl-C reaches only the supervisor."""
    return subprocess.Popen(  # noqa: S603  # our own modules
        [sys.executable, "-m", *arguments],
        env=environment(node),
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=subprocess.STDOUT if out is not None else None,
        start_new_session=True,
    )


def lines(node: Node, arguments: list[str]) -> tuple[subprocess.Popen[bytes], Iterator[bytes]]:
    """Start a command of a node whose standard output is read line by line; errors go to node.log."""
    with (node.folder / "node.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "kakehashi", *arguments, "--node", node.name],
            env=environment(node),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert process.stdout is not None  # noqa: S101  # asked for above
    return process, iter(process.stdout.readline, b"")


@dataclass
class Child:
    """One long-lived process of a node."""

    node: Node
    module: str
    extra: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0

    def begin(self) -> None:
        with (self.node.folder / f"{self.module}.log").open("ab") as log:
            self.process = start(self.node, [f"kakehashi.{self.module}", *self.extra], out=log)
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Herd:
    """All long-lived children of one supervisor."""

    children: list[Child] = field(default_factory=list)
    brief: list[subprocess.Popen[bytes]] = field(default_factory=list)  # end by themselves

    def add(self, child: Child) -> None:
        child.begin()
        self.children.append(child)

    def tend(self) -> list[Child]:
        """Start fallen children again, not faster than every two seconds; gives those that had fallen."""
        fallen = [c for c in self.children if not c.alive and time.monotonic() - c.started > RESTART_PAUSE]
        for child in fallen:
            child.falls += 1
            child.begin()
        return fallen

    def hasten(self) -> None:
        """End at once what would end by itself; nothing is lost, since the next start does it again."""
        for process in self.brief:
            process.terminate()

    def stop(self) -> None:
        """Ask all to stop, wait, and end those that do not."""
        every = [*self.brief, *(child.process for child in self.children if child.process is not None)]
        for process in every:
            process.terminate()
        until = time.monotonic() + PATIENCE
        for process in every:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port: int) -> bool:
    """True when the node's web process answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def last_lines(path: Path, count: int = 12) -> str:
    """The end of a log, for a person to read."""
    try:
        return "\n".join(path.read_text("utf-8", "replace").splitlines()[-count:])
    except OSError:
        return ""
