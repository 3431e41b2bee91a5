"""The short report at the end of a start: what crossed, what fits, and where to sign in."""

from typing import Any

from rich.console import Console
from rich.table import Table

from kakehashi.node import Node


def show(console: Console, every: list[Node], facts: dict[str, dict[str, Any]], *, seconds: float) -> None:
    """Print the facts that each node reported of itself."""
    for node in every:
        _crossings(console, node, facts[node.name])
    first = facts[every[0].name]
    _matches(console, every[0], first)
    _doors(console, every, facts)
    console.print(f"Ready after {seconds:.0f} s. Stop with Ctrl-C.", highlight=False)


def _crossings(console: Console, node: Node, facts: dict[str, Any]) -> None:
    table = Table(title=node.title["en"], title_justify="left", box=None, pad_edge=False)
    table.add_column("kind")
    table.add_column("given", justify="right")
    table.add_column("received", justify="right")
    for kind, given, received in facts["kinds"]:
        table.add_row(kind, str(given), str(received))
    table.add_row(
        "all", str(sum(row[1] for row in facts["kinds"])), str(sum(row[2] for row in facts["kinds"]))
    )
    console.print(table)
    console.print()


def _matches(console: Console, node: Node, facts: dict[str, Any]) -> None:
    best_follow = " The best:" if facts["best"] else ""
    console.print(
        f"[bold]{facts['pairs']} matches found[/] on {node.title['en']}.{best_follow}", highlight=False
    )
    for best in facts["best"]:
        console.print(
            f"  {best['score']}  {best['ours']}\n        {best['theirs']}", highlight=False, markup=False
        )
        console.print(f"        because: {best['why']}", highlight=False, markup=False, style="dim")
    console.print()


def _doors(console: Console, every: list[Node], facts: dict[str, dict[str, Any]]) -> None:
    columns = [facts[node.name]["people"] for node in every]
    if not any(columns):  # nodes that people use: whoever runs them knows who signs in
        for node in every:
            console.print(f"{node.name}: http://localhost:{node.port}\n", highlight=False)
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("demonstration sign-in")
    for node in every:
        table.add_column(f"http://localhost:{node.port}")
    for row in zip(*columns, strict=False):
        table.add_row(row[0][0], *(person[1] for person in row))
    console.print(table)
    if columns and columns[0]:
        console.print(f"Password of all of them: {columns[0][0][2]}\n", highlight=False)
