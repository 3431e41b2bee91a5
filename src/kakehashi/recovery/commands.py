"""Commands for the day when something is wrong: doctor, backup, restore, recover."""

import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.core.management import call_command
from django.db import connections
from rich.console import Console

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import Conflict
from kakehashi.exchange.actions import epochs
from kakehashi.exchange.jobs import client
from kakehashi.options import AsJson, NodeOption
from kakehashi.recovery import actions, asking, backup, queries
from kakehashi.recovery.findings import Finding, findings

SEEN_LATELY = 30.0  # seconds in which a running worker has left a sign


def mount(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command(name="backup")(make_backup)
    app.command()(restore)
    app.command()(recover)


def doctor(node: NodeOption = None, as_json: AsJson = False) -> None:
    """Look at everything that can be wrong with this node, and say in words what to do.

    The data, the room on the disk, the worker, keys, clocks, partners, every log, erasures and backups.
    Exit code 1 if something needs a person. Example: kakehashi doctor --node munich
    """
    now = clock.now()
    damage = actions.check(now=now)
    waiting = actions.settle(client(), clock.now, impatient=False)
    found = findings(queries.facts(client(), damage=damage, waiting=waiting, now=now))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        _tell(found)
    raise typer.Exit(1 if any(finding.grave for finding in found) else 0)


def make_backup(
    to: Annotated[Path | None, typer.Option(help="Where to write it; default the node's folder.")] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put the node's private keys in too: then guard the file.")
    ] = False,
    node: NodeOption = None,
) -> None:
    """Write one file with all data of this node, while it runs. Private keys only on demand.

    Those in the node's folder are removed after 35 days. Example: kakehashi backup --node munich
    """
    made = backup.make(this.node(), to, with_keys=with_keys, now=clock.now())
    typer.echo(f"{made} ({made.stat().st_size // 1024} KiB)")
    if not with_keys:
        typer.echo(
            "Private keys are not in it: keep a copy of the folder «keys» elsewhere, or use --with-keys."
        )


def restore(
    file: Annotated[Path, typer.Argument(help="What «kakehashi backup» wrote.")],
    node: NodeOption = None,
) -> None:
    """Bring a backup back. Stop the node before, and start it after: partners give back what is newer.

    Example: kakehashi restore munich-20261123T020000Z.tar.gz --node munich
    """
    here = this.node()
    if here.database:
        raise Conflict(
            "this node uses PostgreSQL: bring it back with pg_restore, then call «kakehashi recover»"
        )
    sign = here.folder / queries.ALIVE
    if sign.exists() and time.time() - sign.stat().st_mtime < SEEN_LATELY:
        raise Conflict("the node is running: stop it first, and wait half a minute")
    with tempfile.TemporaryDirectory(dir=here.folder) as work:
        backup.unpack(here, file, Path(work))
        connections.close_all()
        aside = backup.put_in_place(here, Path(work), now=clock.now())
    call_command("migrate", verbosity=0, interactive=False)
    actions.begin(now=clock.now())
    typer.echo(
        "Restored. "
        + (f"The data before that are in {aside}; remove them when all is well." if aside else "")
    )
    typer.echo(
        "Start the node now: it asks its partners and fetches back what is missing. See: kakehashi doctor"
    )


def recover(
    node: NodeOption = None,
    new_epoch: Annotated[
        str, typer.Option(help="A log of ours that cannot be continued: close it and begin its next epoch.")
    ] = "",
    accept: Annotated[
        str, typer.Option(help="A partner's log that was closed: read on in its next epoch.")
    ] = "",
    resume: Annotated[str, typer.Option(help="A partner's log whose reading has stopped: read on.")] = "",
) -> None:
    """Ask the partners now how far they read, and fetch back what is missing here.

    The options are for the cases in which people must speak to each other first.
    Exit code 1 if a log still waits. Example: kakehashi recover --node munich
    """
    now = clock.now()
    if new_epoch:
        size, root = asking.last_cosigned(client(), new_epoch, now)
        made = epochs.open_next(viewer=WORKER, name=new_epoch, size=size, root=root, now=now)
        typer.echo(f"{made.name} has begun. Ask the partner to call: kakehashi recover --accept {new_epoch}")
    if accept:
        made = actions.read_next(client(), viewer=WORKER, name=accept, now=now)
        typer.echo(f"Reading goes on in {made.name}.")
    if resume:
        epochs.resume(viewer=WORKER, name=resume, now=now)
        typer.echo(f"Reading of {resume} goes on.")
    waiting = actions.settle(client(), clock.now)
    for name, why in waiting.items():
        typer.echo(f"{name} waits: {why}")
    if not (waiting or new_epoch or accept or resume):
        typer.echo("No log of this node waits.")
    raise typer.Exit(1 if waiting else 0)


def _tell(found: list[Finding]) -> None:
    console = Console(highlight=False)
    if not found:
        console.print("All is well.")
    for finding in found:
        mark = "[bold]![/]" if finding.grave else "·"
        console.print(f"{mark} [bold]{finding.about}[/]: ", end="")
        console.print(finding.says, markup=False)
        console.print(f"    {finding.do}", markup=False)
