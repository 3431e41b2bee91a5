"""Progress in the terminal: first the preparation, then what each node still has to do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kakehashi.bridge import processes
from kakehashi.node import Node

Facts = dict[str, dict[str, Any]]
LABELS = {
    "tables": "tables and keys",
    "records": "records of the region",
    "given": "given to the partner",
    "received": "received from the partner",
    "encoded": "texts understood",
    "matched": "records matched",
}
SHOWN = ("given", "received", "encoded", "matched")


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


class Watching:
    """Follows the nodes until nothing is left to do."""

    def __init__(self, console: Console, every: list[Node], stop: Event) -> None:
        self.console, self.every, self.stop = console, every, stop
        self.facts: Facts = {}
        self.finished: set[str] = set()

    @staticmethod
    @contextmanager
    def preparation(console: Console, every: list[Node]) -> Iterator[Callable[[Node, dict[str, Any]], None]]:
        """Bars for the steps that `kakehashi prepare` reports: {"step", "done", "of"}."""
        with _bars(console) as bars:
            tasks: dict[tuple[str, str], Any] = {}

            def step(node: Node, line: dict[str, Any]) -> None:
                key = (node.name, line["step"])
                if key not in tasks:
                    label = f"{node.place['en']:8} {LABELS.get(line['step'], line['step'])}"
                    tasks[key] = bars.add_task(label, total=line["of"])
                bars.update(tasks[key], completed=line["done"], total=line["of"])

            yield step

    def until_done(self, tend: Callable[[], None]) -> Facts:
        """Show bars until every node says that it is done; gives the last facts of each, by name."""
        watchers = [(node, *processes.lines(node, ["watch"])) for node in self.every]
        for node, _, out in watchers:
            Thread(target=self._read, args=(node, out), daemon=True).start()
        with _bars(self.console) as bars:
            tasks: dict[tuple[str, str], Any] = {}
            while len(self.finished) < len(self.every) and not self.stop.wait(0.2):
                self._draw(bars, tasks)
                tend()
        for _, process, _ in watchers:
            process.terminate()
            process.wait()
        return self.facts if len(self.finished) == len(self.every) else {}

    def _read(self, node: Node, out: Iterator[bytes]) -> None:
        for line in out:
            try:
                self.facts[node.name] = json.loads(line)
            except ValueError:
                continue
        self.finished.add(node.name)

    def _draw(self, bars: Progress, tasks: dict[tuple[str, str], Any]) -> None:
        for node in self.every:
            for step in SHOWN:
                done, of = self.facts.get(node.name, {}).get(step, (0, 0))
                if (node.name, step) not in tasks:
                    tasks[node.name, step] = bars.add_task(f"{node.place['en']:8} {LABELS[step]}", total=None)
                bars.update(tasks[node.name, step], completed=done, total=of or None)
