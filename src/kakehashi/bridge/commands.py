"""`kakehashi up` and `kakehashi reset`: commands that work on a whole home and need no Django themselves."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakehashi import node as nodes
from kakehashi.bridge import lock
from kakehashi.bridge.up import Up
from kakehashi.errors import HomeBusy, NodeMisconfigured

Home = Annotated[
    Path | None, typer.Option("--home", help="Where nodes live; default KAKEHASHI_HOME or your data folder.")
]


def mount(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(reset)


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Make the two demonstration nodes if they are missing.")
    ] = False,
    home: Home = None,
    unsigned: Annotated[
        bool,
        typer.Option("--unsigned", help="Leave the demonstration's agreement for you to propose and sign."),
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Stop after the report.")] = False,
) -> None:
    """Start every node of this home and stay until Ctrl-C.

    Example: kakehashi up --demo
    """
    root = (home or nodes.home()).resolve()
    console = Console()
    try:
        with lock.held(root):
            Up(root, console, demo=demo, signed=not unsigned).run(once=once)
    except HomeBusy as busy:
        console.print(f"Kakehashi is already running here: {busy}", highlight=False)
        raise typer.Exit(1) from None


def reset(
    home: Home = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove the demonstration nodes of this home and all that is in them.

    Example: kakehashi reset --yes
    """
    root = (home or nodes.home()).resolve()
    console = Console()
    found = nodes.nodes(root)
    if any(not node.demo for node in found):
        raise NodeMisconfigured("reset removes demonstration nodes only, and there is another one here")
    if not found:
        console.print("Nothing to remove.")
        return
    if not yes:
        typer.confirm("Remove " + ", ".join(str(node.folder) for node in found) + "?", abort=True)
    try:
        with lock.held(root):
            for node in found:
                shutil.rmtree(node.folder)
    except HomeBusy as busy:
        console.print(f"Kakehashi is running here ({busy}); stop it first.", highlight=False)
        raise typer.Exit(1) from None
    console.print("Removed: " + ", ".join(node.name for node in found), highlight=False)
