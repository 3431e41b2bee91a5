"""The commands `kakehashi import …`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from django.utils.translation import override
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from kakehashi import clock, this
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.errors import FileRefused, InvalidInput
from kakehashi.importers import actions, demonstration, queries, ror, ror_file, sentences, shown, tables
from kakehashi.importers.queries import Plan
from kakehashi.options import AsJson, NodeOption
from kakehashi.records.actions import Level
from kakehashi.records.kinds import KINDS

app = typer.Typer(no_args_is_help=True, help="Bring in records: the demonstration set, spreadsheets, ROR.")
OPERATOR = Viewer(role=Role.OPERATOR, actor="command line")
LEFT_OUT = 1  # exit code: done, but lines were left out
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")]
Publish = Annotated[
    str,
    typer.Option(help="Publish new records at once: members, agreements or public. Else they are drafts."),
]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


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
    chosen = side or this.node().side
    if chosen not in demonstration.SIDES:
        raise InvalidInput({"--side": [f"choose one of {', '.join(demonstration.SIDES)}"]})
    with _progress(as_json) as progress, transaction.atomic():
        made = demonstration.load(side=chosen, viewer=OPERATOR, now=clock.now(), progress=progress)
        transaction.set_rollback(dry_run)
    facts = {"created": made.created, "changed": made.changed, "unchanged": made.unchanged}
    _report(facts, dry_run=dry_run, as_json=as_json)


@app.command()
def sheet(
    file: File,
    kind: Annotated[str, typer.Option(help=f"What the lines are: {', '.join(KINDS)}.")],
    publish: Publish = "",
    node: NodeOption = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in a spreadsheet (XLSX or CSV); lines with errors are left out and named. Exit code 1 then.

    Example: kakehashi import sheet offers.xlsx --kind offer --node munich --dry-run
    """
    now = clock.now()
    if kind not in KINDS:
        raise InvalidInput({"--kind": [f"choose one of {', '.join(KINDS)}"]})
    with override("en"):
        plan = _plan(file, kind, now)
        seen = shown.preview(plan, "en")
    facts: dict[str, Any] = {"created": plan.created, "changed": plan.changed, "unchanged": plan.unchanged}
    if not dry_run and plan.steps:
        level = _level(publish)
        made = actions.bring_in(viewer=OPERATOR, plan=plan, now=now, level=level)
        facts = {name: made[name] for name in facts}
    facts["left_out"] = len(plan.sheet.faulty)
    if as_json:
        facts["faults"] = [{"cell": f.where, "column": f.column, "what": f.sentence} for f in seen.faults]
        facts["notes"] = seen.notes
    _report(facts, dry_run=dry_run, as_json=as_json)
    if not as_json:
        _say_faults(seen)
    if plan.sheet.faulty:
        raise typer.Exit(LEFT_OUT)


@app.command(name="ror")
def ror_(
    file: File,
    region: Annotated[
        list[str] | None, typer.Option(help="ISO 3166-2 code; repeat for more. Else the node's own regions.")
    ] = None,
    publish: Publish = "",
    node: NodeOption = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in organisations of the Research Organization Registry: data dump (zip, JSON) or JSON Lines.

    Example: kakehashi import ror v2.0-ror-data.zip --node munich --publish public
    """
    regions = set(region or this.node().regions)
    if unknown := sorted(regions - set(this.node().regions)):
        raise InvalidInput({"--region": [f"{', '.join(unknown)} is not one of this node's regions"]})
    level = _level(publish)
    with override("en"):
        try:
            found = [record for record in ror_file.records(file) if ror.wanted(record, regions)]
        except FileRefused as error:
            raise InvalidInput({str(file): [sentences.refused(error)]}) from None
    with _progress(as_json) as progress, transaction.atomic():
        facts = actions.bring_in_ror(
            viewer=OPERATOR, found=found, now=clock.now(), level=level, progress=progress
        )
        transaction.set_rollback(dry_run)
    _report(facts, dry_run=dry_run, as_json=as_json)


def _plan(file: Path, kind: str, now: Any) -> Plan:
    """The plan for a file; InvalidInput in words if nothing of it can be imported."""
    try:
        tables.check_size(file.stat().st_size)
        plan = queries.plan(OPERATOR, kind, file.name, file.read_bytes(), now)
    except FileRefused as error:
        raise InvalidInput({file.name: [sentences.refused(error)]}) from None
    if plan.sheet.problems:
        raise InvalidInput({file.name: [sentences.problem(p, kind) for p in plan.sheet.problems]})
    return plan


def _level(publish: str) -> Level | None:
    if publish and publish not in actions.LEVELS:
        raise InvalidInput({"--publish": [f"choose one of {', '.join(actions.LEVELS)}"]})
    return actions.LEVELS.get(publish)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, moved on by `call(done, all)`."""
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("records", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _say_faults(seen: shown.Preview) -> None:
    console = Console()
    for sentence in seen.notes:
        console.print(sentence, highlight=False, markup=False)
    if seen.faults:
        table = Table("cell", "column", "what to do", box=None)
        for fault in seen.faults:
            table.add_row(fault.where, fault.column, fault.sentence)
        console.print(table, highlight=False, markup=False)
    if seen.more_faults:
        console.print(f"and {seen.more_faults} more", highlight=False)


def _report(facts: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**facts, "dry_run": dry_run}, ensure_ascii=False))
        return
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in facts.items())
    typer.echo(said + (" (dry run: nothing was changed)" if dry_run else ""))
