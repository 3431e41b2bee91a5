"""The commands `kakehashi import …`."""

import json
from typing import Annotated

import typer
from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from kakehashi import clock, this
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.importers import demonstration
from kakehashi.options import AsJson, NodeOption

app = typer.Typer(no_args_is_help=True, help="Bring in records: the demonstration set, spreadsheets, ROR.")
OPERATOR = Viewer(role=Role.OPERATOR, actor="command line")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")]


@app.command()
def demo(
    side: Annotated[str, typer.Option(help="munich or osaka; otherwise the node's own side.")] = "",
    node: NodeOption = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in the demonstration set that the package carries.

    Example: kakehashi import demo --node munich
    """
    with (
        Progress(console=Console(stderr=True), transient=True, disable=as_json) as progress,
        transaction.atomic(),
    ):
        task = progress.add_task("records", total=None)
        made = demonstration.load(
            side=side or this.node().side,
            viewer=OPERATOR,
            now=clock.now(),
            progress=lambda done, of: progress.update(task, completed=done, total=of),
        )
        transaction.set_rollback(dry_run)
    _report(made.created, made.changed, made.unchanged, dry_run=dry_run, as_json=as_json)


def _report(created: int, changed: int, unchanged: int, *, dry_run: bool, as_json: bool) -> None:
    facts = {"created": created, "changed": changed, "unchanged": unchanged, "dry_run": dry_run}
    if as_json:
        typer.echo(json.dumps(facts))
        return
    typer.echo(
        f"{created} created, {changed} changed, {unchanged} unchanged" + (" (dry run)" if dry_run else "")
    )
