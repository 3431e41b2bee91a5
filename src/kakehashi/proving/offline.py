"""Commands that judge evidence on any machine: no node, no database, no network."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kakehashi.errors import NotProven
from kakehashi.options import AsJson
from kakehashi.proving import words
from kakehashi.proving.compare import Finding, compare
from kakehashi.proving.verify import verify as judge


def mount(app: typer.Typer) -> None:
    app.command()(verify)
    app.command(name="compare")(compare_heads)


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What «kakehashi prove» wrote.")],
    as_json: AsJson = False,
) -> None:
    """Judge a proof and say in words what it shows. Needs nothing but the file.

    Exit code 1 if anything in it does not hold. Example: kakehashi verify proof.json
    """
    try:
        proven = judge(file.read_bytes())
    except NotProven as e:
        typer.echo(f"Not proven: {e}.")
        raise typer.Exit(1) from None
    lines = words.sentences(proven)
    typer.echo(json.dumps({"proven": lines}, ensure_ascii=False) if as_json else "\n".join(lines))


def compare_heads(
    one: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A checkpoint, receipt or proof.")],
    other: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Another one of the same log.")],
    keyset: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="Key sets of the log's origin, to check its signatures."
        ),
    ] = None,
) -> None:
    """Compare two signed heads of one log, as two partners got them.

    Exit code 1 if they have two roots for one size, which proves that the origin told two stories.
    Example: kakehashi compare ours.note theirs.note --keyset origin.json
    """
    given = [path.read_bytes() for path in keyset or []]
    try:
        found = compare(one.read_bytes(), other.read_bytes(), given)
    except NotProven as e:
        typer.echo(f"These cannot be compared: {e}.")
        raise typer.Exit(2) from None
    typer.echo("\n".join(words.comparison(found)))
    raise typer.Exit(1 if found.finding is Finding.EQUIVOCATION else 0)
