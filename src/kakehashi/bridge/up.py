"""One run of `kakehashi up`: prepare the nodes, start their processes, show progress, report, stay."""

import json
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from filelock import FileLock
from rich.console import Console

from kakehashi.bridge import demonstration, lock, processes, sockets
from kakehashi.bridge.progress import Watching
from kakehashi.bridge.report import show
from kakehashi.errors import NodeMisconfigured
from kakehashi.node import Node, nodes, save

POLL = 0.2  # seconds between looks at the children


class Up:
    """The supervisor of one home."""

    def __init__(self, home: Path, console: Console, *, demo: bool, signed: bool = True) -> None:
        self.home, self.console, self.demo, self.signed = home, console, demo, signed
        self.herd = processes.Herd()
        self.stop = Event()
        self.claims: list[FileLock] = []

    def run(self, *, once: bool) -> None:
        """Everything from start to Ctrl-C; children are stopped however this ends."""
        self._listen_for_signals()
        began = time.monotonic()
        every = demonstration.create(self.home) if self.demo else nodes(self.home)
        if not every:
            raise NodeMisconfigured(f"no node in {self.home}: try «kakehashi up --demo» or «kakehashi init»")
        try:
            every = self._place(every)
            for stage in (self._prepare, self._serve, self._demonstrate, self._report):
                if not self.stop.is_set():
                    stage(every, began)
            while not once and not self.stop.wait(POLL):
                self._tend()
        finally:
            self.console.print("Stopping …")
            self.herd.stop()
            for claim in self.claims:
                claim.release()
            self.console.print("Stopped. Nothing is lost; the next start continues here.")

    def _listen_for_signals(self) -> None:
        """In a thread of its own: the main one may be inside the Event's lock when the signal comes."""

        def end() -> None:
            self.stop.set()
            self.herd.hasten()

        def stop(*_: object) -> None:
            Thread(target=end).start()

        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), stop)

    def _place(self, every: list[Node]) -> list[Node]:
        """Give each node a free port, say aloud if it is not the usual one, write the peer tables."""
        placed: list[Node] = []
        for node in every:
            port, claim = sockets.next_free(node.port)
            self.claims.append(claim)
            if port != node.port:
                self.console.print(f"Port {node.port} is taken; {node.name} uses {port}.", highlight=False)
            placed.append(replace(node, port=port))
        for node in placed:
            save(node)
            peers = {
                peer.name: f"http://127.0.0.1:{peer.port}" for peer in placed if peer.demo and peer != node
            }
            if node.demo:
                (node.folder / "peers.json").write_text(json.dumps(peers), "utf-8")
        return placed

    def _prepare(self, every: list[Node], _began: float) -> None:
        """Tables, keys and, in the demonstration, people and records: both nodes at once."""
        running = [(node, *processes.lines(node, ["prepare"])) for node in every]
        self.herd.brief += [process for _, process, _ in running]
        with Watching.preparation(self.console, [node for node, *_ in running]) as show_step:
            for node, process, out in running:
                for line in out:
                    with suppress(ValueError):
                        show_step(node, json.loads(line))
                if process.wait() != 0 and not self.stop.is_set():
                    raise NodeMisconfigured(
                        f"{node.name} was not prepared:\n{processes.last_lines(node.folder / 'node.log')}"
                    )

    def _serve(self, every: list[Node], began: float) -> None:
        for node in every:
            self.herd.add(processes.Child(node, "serve", [str(node.port)]))
        for node in every:
            self.herd.add(processes.Child(node, "worker"))
        while not self.stop.is_set() and not all(processes.answers(node.port) for node in every):
            self._tend()
            self.stop.wait(POLL)
        addresses = [f"http://localhost:{node.port}" for node in every]
        lock.announce(self.home, addresses)
        seconds = time.monotonic() - began
        self.console.print(f"Open after {seconds:.1f} s: " + "   ".join(addresses), highlight=False)

    def _demonstrate(self, every: list[Node], _began: float) -> None:
        """Let the demonstration nodes meet and, unless the user wants to do it by hand, sign."""
        arguments = ["demonstrate", *([] if self.signed else ["--unsigned"])]
        self.herd.brief += [processes.lines(node, arguments)[0] for node in every if node.demo]
        while not self.stop.is_set() and any(process.poll() is None for process in self.herd.brief):
            self._tend()
            self.stop.wait(POLL)

    def _report(self, every: list[Node], began: float) -> None:
        """Progress until everything has been exchanged and matched, then what has come of it."""
        facts = Watching(self.console, every, self.stop).until_done(tend=self._tend)
        if facts and not self.stop.is_set():
            show(self.console, every, facts, seconds=time.monotonic() - began)

    def _tend(self) -> None:
        for child in self.herd.tend():
            if self.stop.is_set():
                return
            log = child.node.folder / f"{child.module}.log"
            self.console.print(
                f"{child.node.name}: {child.module} fell and was started again.\n", highlight=False
            )
            self.console.print(processes.last_lines(log, 4), highlight=False, style="dim")
