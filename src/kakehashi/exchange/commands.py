"""Commands of the exchange: read partners now, and the key set of this node."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import NotFound
from kakehashi.exchange import jobs, pulling, queries
from kakehashi.exchange.actions import keysets
from kakehashi.exchange.keyset import key_id
from kakehashi.options import AsJson, NodeOption
from kakehashi.signing import canonical, proof
from kakehashi.signing.keys import PrivateKey

keyset_app = typer.Typer(no_args_is_help=True, help="This node's public keys, as partners know them.")
MOST_PAGES = 10_000


def mount(app: typer.Typer) -> None:
    app.command()(sync)
    app.add_typer(keyset_app, name="keyset")


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


@keyset_app.command("draft")
def draft(node: NodeOption = None) -> None:
    """Print the next version of the key set, to be signed where the root key is.

    Example: kakehashi keyset draft --node munich > keyset.json
    """
    typer.echo(canonical.encode(keysets.draft_own(now=clock.now())).decode(), nl=False)


@keyset_app.command("sign")
def sign(
    document: Annotated[Path, typer.Argument(help="The file that «keyset draft» printed.")],
    key: Annotated[Path, typer.Option(help="The root key: a file with its 32 bytes in hexadecimal.")],
) -> None:
    """Print the key set with the proof of the root key. Works on a machine without network.

    Example: kakehashi keyset sign keyset.json --key root.key > signed.json
    """
    unsigned = proof.without_proof(canonical.decode(document.read_bytes().strip(), limit=65_536))
    root = PrivateKey.from_seed(bytes.fromhex(key.read_text("ascii").strip()))
    method = key_id(str(unsigned.get("node")), "root-1")
    made = proof.sign(unsigned, root, method=method, created=clock.now())
    typer.echo(canonical.encode({**unsigned, "proof": [made]}).decode(), nl=False)


@keyset_app.command("publish")
def publish(
    signed: Annotated[Path, typer.Argument(help="The file that «keyset sign» printed.")],
    node: NodeOption = None,
) -> None:
    """Check a signed key set and publish it.

    Example: kakehashi keyset publish signed.json --node munich
    """
    found = keysets.publish_own(data=signed.read_bytes().strip(), now=clock.now())
    typer.echo(f"Published version {found.version} of {found.node}, good until {found.not_after:%Y-%m-%d}.")


@keyset_app.command("show")
def show(node: NodeOption = None) -> None:
    """Show the published key set.

    Example: kakehashi keyset show --node munich
    """
    found = keysets.latest(this.node().name)
    if found is None:
        raise NotFound("no key set is published yet")
    table = Table(
        "use", "key", "name", box=None, title=f"{found.node}, version {found.version}", title_justify="left"
    )
    for name, (use, public) in found.keys.items():
        table.add_row(use, public, name.partition("#")[2])
    Console().print(table)
