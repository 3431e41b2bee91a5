"""Commands of the exchange: read partners now, erase, see who confirmed it; for keys see keys/commands.py."""

import json
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import NotFound
from kakehashi.exchange import jobs, pulling, queries, recalls
from kakehashi.exchange.ahead import Ahead
from kakehashi.exchange.keys import commands as keys
from kakehashi.options import AsJson, NodeOption
from kakehashi.records import actions as record_actions
from kakehashi.records import queries as own_records
from kakehashi.signing.commit import stamp

MOST_PAGES = 10_000
MOST_SHOWN = 500


def mount(app: typer.Typer) -> None:
    app.command()(sync)
    app.command()(erase)
    app.command("recalls")(list_recalls)
    app.add_typer(keys.app, name="keys")


def sync(node: NodeOption = None, as_json: AsJson = False) -> None:
    """Send and read what is due now, once, and say how far each partner's channel was read.

    Exit code 1 if a channel could not be read. Example: kakehashi sync --node munich
    """
    jobs.follow_agreements(clock.now())
    jobs.deliver(clock.now())
    jobs.follow_agreements(clock.now())
    for channel in jobs.due_channels(clock.now()):
        ahead = Ahead()
        for _ in range(MOST_PAGES):
            if not pulling.pull(jobs.client(), channel.name, clock.now, wait=0, ahead=ahead):
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


def erase(
    records: Annotated[list[UUID] | None, typer.Argument(help="Ids of own records.")] = None,
    person: Annotated[str, typer.Option(help="All records whose contact data hold this address.")] = "",
    scope: Annotated[
        str, typer.Option(help="person, earlier (all wordings but the present) or all.")
    ] = "person",
    basis: Annotated[str, typer.Option(help="gdpr-17, gdpr-21, appi-34, appi-35 or agreed.")] = "gdpr-17",
    node: NodeOption = None,
) -> None:
    """Erase a person, earlier wordings or whole records: here at once, at every partner as agreed. For good.

    Example: kakehashi erase --person erika@isar.example --basis gdpr-17 --node munich
    """
    wanted = [*(records or []), *(own_records.with_contact(WORKER, person) if person else [])]
    if not wanted:
        raise NotFound("no record to erase")
    for record in wanted:
        record_actions.erase(viewer=WORKER, record_id=record, scope=scope, basis=basis, now=clock.now())
    typer.echo(f"Erased here: {len(wanted)}. See who has confirmed it: kakehashi recalls")


def list_recalls(node: NodeOption = None, as_json: AsJson = False) -> None:
    """What was taken back on either side, and which partner has confirmed it since when.

    Exit code 1 if something is overdue. Example: kakehashi recalls --node munich
    """
    rows = recalls.shown(WORKER, list(recalls.recalls(WORKER)[:MOST_SHOWN]), clock.now())
    told = [_told(each) for each in rows]
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo("\n".join(_lines(row) for row in told) or "Nothing was taken back.")
    raise typer.Exit(1 if any(each.late for each in rows) else 0)


def _lines(row: dict[str, Any]) -> str:
    """One recall for people, who count the lines of a log from 1, as the page does."""
    confirmed = ", ".join(f"{node} {at or 'not yet'}" for node, at in row["confirmed"].items())
    return (
        f"{row['what']} {row['record']}, entry {row['entry'] + 1} of {row['channel']}\n"
        f"  due {row['due']}{' (overdue)' if row['late'] else ''}; confirmed: {confirmed or 'by nobody yet'}"
    )


def _told(each: recalls.Shown) -> dict[str, Any]:
    return {
        "what": each.row.op,
        "record": str(each.row.record),
        "channel": each.row.channel_id,
        "entry": each.row.index,
        "at": stamp(each.row.at),
        "due": stamp(each.deadline),
        "confirmed": {word.node: stamp(word.at) if word.at else "" for word in each.confirmed},
        "late": each.late,
    }
