"""The command that writes proofs."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import NotFound
from kakehashi.options import NodeOption
from kakehashi.proving import actions, queries


def mount(app: typer.Typer) -> None:
    app.command()(prove)
    app.command()(growth)


def prove(
    record: Annotated[str, typer.Option(help="ORIGIN/ID, as at the end of the record's address.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; else the proof is printed.")] = None,
    agreement: Annotated[
        str, typer.Option(help="The hash of the agreement's first version, if it crossed under several.")
    ] = "",
    node: NodeOption = None,
) -> None:
    """Write all that somebody else needs to check what was shared, when, and who received it.

    Example: kakehashi prove --record munich.example/6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11 --out proof.json
    """
    origin, _, id = record.strip("/").rpartition("/")
    try:
        wanted = UUID(id)
    except ValueError:
        raise NotFound(f"{record} is not ORIGIN/ID of a record") from None
    made = actions.take(viewer=WORKER, origin=origin, record=wanted, agreement=agreement, now=clock.now())
    _give(made, out, f"kakehashi verify {out}")


def growth(
    log: Annotated[str, typer.Argument(help="The log's name, as «kakehashi sync --json» tells it.")],
    since: Annotated[int, typer.Option(help="The size of the older head that somebody holds.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; else the proof is printed.")] = None,
    node: NodeOption = None,
) -> None:
    """Write the proof that a log only grew since a head that somebody holds.

    Example: kakehashi growth munich.example/kx/a15c7d4547fd77c3/0 --since 512 --out growth.json
    """
    made = queries.growth(WORKER, log, since)
    _give(made, out, f"kakehashi compare OLDER-HEAD {out}")


def _give(made: bytes, out: Path | None, check: str) -> None:
    if out is None:
        typer.echo(made.decode())
        return
    out.write_bytes(made + b"\n")
    typer.echo(f"Wrote {out} ({len(made):,} bytes). Check it anywhere: {check}")
