"""The commands `kakehashi search`, `match` and `reindex`; `evaluate` has a file of its own."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from kakehashi import clock
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.matching import actions, queries
from kakehashi.matching.evaluating import evaluate
from kakehashi.matching.queries.due import encoder_id, to_encode, to_match
from kakehashi.matching.queries.serving import serving
from kakehashi.options import AsJson, NodeOption

OPERATOR = Viewer(role=Role.OPERATOR, actor="command line")
Limit = Annotated[int, typer.Option(help="How many to show.", min=1, max=200)]


def mount(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(search)
    app.command()(match)
    app.command()(reindex)
    app.command()(evaluate)


def search(
    text: Annotated[str, typer.Argument(help="What you look for, in German, Japanese or English.")],
    kind: Annotated[
        str, typer.Option(help="offer, request, development, academic, practice, organisation.")
    ] = "",
    side: Annotated[str, typer.Option(help="Only records of this side, such as osaka.")] = "",
    topic: Annotated[str, typer.Option(help="Only this topic, such as antibodies.")] = "",
    region: Annotated[str, typer.Option(help="Only this region, such as JP-27.")] = "",
    lang: Annotated[str, typer.Option("--language", help="Only records written in de, ja or en.")] = "",
    limit: Limit = 10,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Search everything that this node knows, across the three languages. Exit code 1 if nothing is found.

    Example: kakehashi search "Antikörper gegen Tumoren" --side osaka --kind request
    """
    filters = queries.Filters(kind=kind, side=side, topic=topic, region=region, lang=lang)
    found = queries.search(OPERATOR, text, filters, clock.now(), limit=limit)
    if as_json:
        typer.echo(
            json.dumps({"total": found.total, "hits": [_hit(hit) for hit in found.hits]}, ensure_ascii=False)
        )
    else:
        _print_hits(found)
    if not found.hits:
        raise typer.Exit(1)


def match(limit: Limit = 10, node: NodeOption = None, as_json: AsJson = False) -> None:
    """Encode and match whatever waits, then show the best matches across the bridge.

    Example: kakehashi match --node munich --limit 5
    """
    now = clock.now()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
        for words, waiting, run in (
            ("reading texts", lambda: to_encode(encoder_id(serving())), actions.encode_due),
            ("matching", lambda: to_match(actions.settle(now=now)), actions.match_due),
        ):
            task = progress.add_task(words, total=waiting().count())
            run(now=now, progress=lambda done, task=task: progress.update(task, completed=done))  # type: ignore[misc]
    best = actions.best_in_words(viewer=OPERATOR, limit=limit, lang="en", now=now)
    count = queries.count_pairs(OPERATOR, now)
    if as_json:
        typer.echo(json.dumps({"pairs": count, "best": best}, ensure_ascii=False))
        return
    table = Table("score", "own record", "partner's record", "shared concepts", box=None)
    for pair in best:
        table.add_row(pair["score"], pair["ours"], pair["theirs"], ", ".join(pair["concepts"]))
    Console(markup=False).print(table)
    typer.echo(f"{count} distinct pairs")


def reindex(
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Only the words of full-text search.")
    ] = False,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Build search and matching anew from the records; the worker (or `kakehashi match`) does the rest.

    Example: kakehashi reindex --node osaka
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
        task = progress.add_task("words", total=None)
        count = actions.reindex(
            words_only=words_only, progress=lambda done, of: progress.update(task, completed=done, total=of)
        )
    typer.echo(json.dumps({"readings": count}) if as_json else f"{count} records indexed anew")


def _hit(hit: queries.Hit) -> dict[str, Any]:
    reading = hit.reading
    return {
        "origin": reading.origin,
        "record": str(reading.record),
        "kind": reading.kind,
        "side": reading.side,
        "lang": reading.lang,
        "title": reading.title,
        "historical": reading.historical,
        "score": round(hit.score.total, 4) if hit.score else None,
        "components": {c.name: round(c.value, 4) for c in hit.score.components} if hit.score else {},
    }


def _print_hits(found: queries.Found) -> None:
    table = Table("score", "kind", "side", "title", box=None)
    for hit in found.hits:
        reading = hit.reading
        title = reading.title.get("en") or next(iter(reading.title.values()), "")
        own = reading.title.get(reading.lang, "")
        shown = title if own in ("", title) else Text.assemble(title, "\n", (own, "dim"))
        kind = f"{reading.kind}, historical" if reading.historical else reading.kind  # those stand last
        table.add_row(f"{hit.score.total:.2f}" if hit.score else "", kind, reading.side, shown)
    Console(markup=False).print(table)  # titles are other people's words
    typer.echo(f"{found.total} found")
