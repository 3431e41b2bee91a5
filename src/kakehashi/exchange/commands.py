"""Commands of the exchange: read partners now; those about keys stand in keys/commands.py."""

import json
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.exchange import jobs, pulling, queries
from kakehashi.exchange.keys import commands as keys
from kakehashi.options import AsJson, NodeOption

MOST_PAGES = 10_000


def mount(app: typer.Typer) -> None:
    app.command()(sync)
    app.add_typer(keys.app, name="keys")


def sync(node: NodeOption = None, as_json: AsJson = False) -> None:
    """Send and read what is due now, once, and say how far each partner's channel was read.

    Exit code 1 if a channel could not be read. Example: kakehashi sync --node munich
    """
    jobs.follow_agreements(clock.now())
    jobs.deliver(clock.now())
    jobs.follow_agreements(clock.now())
    for channel in jobs.due_channels(clock.now()):
        for _ in range(MOST_PAGES):
            if not pulling.pull(jobs.client(), channel.name, clock.now, wait=0):
                break
    rows: list[dict[str, Any]] = [
        {
            "partner": channel.origin,
            "channel": channel.name,
            "entries": channel.size,
            "state": channel.state,
            "problem": channel.feed.code,
        }
        for channel in queries.feeds(WORKER)
    ]
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        table = Table("partner", "entries", "state", "problem", box=None)
        for row in rows:
            table.add_row(row["partner"], str(row["entries"]), row["state"], row["problem"] or "none")
        Console().print(table)
    raise typer.Exit(1 if any(row["problem"] for row in rows) else 0)
