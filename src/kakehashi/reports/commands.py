"""The command `kakehashi report`: the numbers of a period in the terminal, or as a file to send on."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import translation
from rich.console import Console
from rich.table import Table

from kakehashi import clock, this
from kakehashi.accounts.viewer import PUBLIC, WORKER
from kakehashi.errors import InvalidInput
from kakehashi.options import AsJson, NodeOption
from kakehashi.records.labels import KINDS
from kakehashi.reports import paper, queries, workbook
from kakehashi.reports import period as periods
from kakehashi.reports.queries import Report
from kakehashi.reports.tally import Choice


def mount(app: typer.Typer) -> None:
    app.command()(report)


def report(
    period: Annotated[str, typer.Argument(help="A year, or two days as in 2026-01-01--2026-06-30.")] = "",
    to: Annotated[Path | None, typer.Option(help="Write a file: .pdf or .xlsx.")] = None,
    language: Annotated[str, typer.Option(help="de, ja or en.")] = "en",
    partner: Annotated[str, typer.Option(help="The partner's node; default the first.")] = "",
    public: Annotated[bool, typer.Option("--public", help="Only what the public may know of.")] = False,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """What both sides gave and what came of it, in a year or period.

    Example: kakehashi report 2026 --to report.pdf --language ja --node munich
    """
    now, viewer = clock.now(), PUBLIC if public else WORKER
    span = periods.parse(period) if period else periods.year(now.year)
    bridge = queries.bridge(viewer, this.node(), partner)
    with translation.override(language):
        found = queries.report(viewer, bridge, span, now)
        if to is not None:
            puts = queries.behind(viewer, bridge, span, Choice())
            to.write_bytes(_as(to.suffix, found, lambda: queries.with_records(viewer, puts, now), now))
            typer.echo(f"{to} ({to.stat().st_size // 1024} KiB)")
        elif as_json:
            typer.echo(json.dumps(_numbers(found), ensure_ascii=False))
        else:
            _tell(found)


def _as(ending: str, found: Report, records: Any, now: Any) -> bytes:
    if ending == ".pdf":
        return paper.as_pdf(found, now)
    if ending == ".xlsx":
        return workbook.as_xlsx(found, records())
    raise InvalidInput({"--to": ["Please name a file that ends in .pdf or .xlsx."]})


def _numbers(found: Report) -> dict[str, Any]:
    sides = {"left": found.bridge.left.node, "right": found.bridge.right.node}
    return {
        "period": [str(found.period.first), str(found.period.last)],
        **sides,
        "kinds": {kind: {"left": line.left, "right": line.right} for kind, line in found.kinds},
        "all": {"left": found.all.left, "right": found.all.right},
        "clauses": [
            {"agreement": each.agreement, "id": each.id, "left": each.line.left, "right": each.line.right}
            for each in found.clauses
            if each.counted
        ],
        "introductions": {stage.status.value: stage.reached for stage in found.came.figures.stages},
        "outcomes": {result: len(keys) for result, keys in found.came.results},
        "without": {status.value: len(keys) for status, keys in found.came.figures.closed.items()},
        "missions": [[len(held.left), len(held.right)] for held in found.came.missions],
        "taken_over": len(found.came.taken_over),
        "companies": {law.name: [len(column) for column in law.columns] for law in found.companies.laws},
        "logs": [
            asdict(head) | {"read_at": head.read_at and head.read_at.isoformat()} for head in found.heads
        ],
    }


def _tell(found: Report) -> None:
    left, right = (side.place.get("en", side.node) for side in (found.bridge.left, found.bridge.right))
    table = Table(title=f"{found.period.first} – {found.period.last}", box=None)
    table.add_column("")
    table.add_column(left, justify="right")
    table.add_column(right, justify="right")
    for kind, line in found.kinds:
        table.add_row(str(KINDS[kind]), str(line.left), str(line.right))
    table.add_row("Together", str(found.all.left), str(found.all.right))
    Console().print(table)
