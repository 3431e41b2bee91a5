"""The commands of one node: those of no single feature, and the features' own, mounted here."""

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from kakehashi import clock, this
from kakehashi import node as nodes
from kakehashi.accounts import commands as accounts
from kakehashi.accounts import demonstration as cast
from kakehashi.accounts.actions import ensure_person
from kakehashi.accounts.viewer import WORKER, Role
from kakehashi.agreements import commands as agreements
from kakehashi.bridge import demonstrate as together
from kakehashi.bridge import processes
from kakehashi.bridge import status as state
from kakehashi.errors import Conflict, NodeMisconfigured
from kakehashi.exchange import commands as exchange
from kakehashi.importers import commands as importers
from kakehashi.importers import demonstration
from kakehashi.matching import commands as matching
from kakehashi.options import AsJson, NodeOption
from kakehashi.proving import commands as proving
from kakehashi.records import queries as records
from kakehashi.records.cities import city_names
from kakehashi.records.regions import names_of
from kakehashi.recovery import commands as recovery
from kakehashi.reports import commands as reports
from kakehashi.signing.keyring import Keyring

ONLINE_KEYS = ("record", "log", "http")
DATABASE_PATIENCE = 10  # seconds


def mount(app: typer.Typer) -> None:
    """Add all commands of a node to the application."""
    app.command()(init)
    app.command()(status)
    app.command(hidden=True)(prepare)
    app.command(hidden=True)(demonstrate)
    app.command(hidden=True)(watch)
    app.add_typer(agreements.app, name="agreement")
    app.add_typer(importers.app, name="import")
    accounts.mount(app)
    exchange.mount(app)
    proving.mount(app)
    matching.mount(app)
    recovery.mount(app)
    reports.mount(app)


def _say(**facts: Any) -> None:
    """One line of JSON for the supervisor."""
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def init(
    name: Annotated[str, typer.Argument(help="The DNS name that the node will have, without port.")],
    place: Annotated[str, typer.Option(help="The city, as readers know it.")],
    region: Annotated[list[str], typer.Option(help="ISO 3166-2 codes of your region; repeat for more.")],
    country: Annotated[str, typer.Option(help="ISO 3166-1 code.")],
    operator: Annotated[str, typer.Option(help="E-mail address of the first person.")],
    sector: Annotated[str, typer.Option(help="private or public; personal data depends on it.")] = "private",
    language: Annotated[str, typer.Option(help="de, ja or en.")] = "en",
    time_zone: Annotated[str, typer.Option(help="As in Europe/Berlin.")] = "UTC",
    port: Annotated[int, typer.Option(help="The port on this machine.")] = 8001,
    database: Annotated[str, typer.Option(help="postgresql://… ; empty for SQLite.")] = "",
) -> None:
    """Make a new node of your own: folder, tables, keys and the first person.

    Example: kakehashi init biom.example --place München --region DE-BY --country DE --operator a@biom.example
    """
    side = name.split(".")[0]
    node = nodes.Node(
        name=name,
        side=side,
        title=_called(name),
        place=_called(place) | city_names(place),
        region_name=names_of(region),
        regions=region,
        country=country,
        sector=sector,
        language=language,
        time_zone=time_zone,
        port=port,
        database=database,
        folder=nodes.home() / side,
    )
    _make(node)
    typer.echo(f"Made {node.folder}. Next:")
    typer.echo(f"  kakehashi person {operator} --role operator --node {side}")
    typer.echo("  kakehashi up")


def _called(name: str) -> dict[str, str]:
    """One form in all languages, until somebody writes better ones into node.json."""
    return dict.fromkeys(nodes.LANGUAGES, name)


def _make(node: nodes.Node) -> None:
    """Folder, tables and keys of a new node."""
    if (node.folder / "node.json").exists():
        raise Conflict(f"There is a node in {node.folder} already.")
    _reach(node.database)
    ours = not node.folder.exists()
    nodes.save(node)
    process, out = processes.lines(node, ["prepare"])
    for _ in out:  # its progress, which takes a second
        pass
    if process.wait() != 0:
        why = processes.last_lines(node.folder / "node.log")
        if ours:
            shutil.rmtree(node.folder)
        raise NodeMisconfigured(f"{why}\nNothing was kept: mend this and run the command again.")


def _reach(database: str) -> None:
    """A database that does not answer is said before anything is made."""
    if not database:
        return
    try:
        psycopg.connect(database, connect_timeout=DATABASE_PATIENCE).close()
    except psycopg.Error as problem:
        raise NodeMisconfigured(
            f"The database does not answer: {str(problem).strip()}\n"
            "Nothing was made. Check --database (postgresql://USER:PASSWORD@HOST/NAME; the database must be "
            "there, empty) and run the command again; without --database the node keeps its data in SQLite."
        ) from None


def prepare(node: NodeOption = None) -> None:
    """Tables, keys, and in the demonstration people and records; says its progress as JSON lines."""
    here = this.node()
    _say(step="tables", done=0, of=1)
    call_command("migrate", verbosity=0, interactive=False)
    keyring = Keyring(here.key_folder)
    for key in (*ONLINE_KEYS, *(("root",) if here.demo else ())):
        if not keyring.has(key):
            keyring.create(key)
    _say(step="tables", done=1, of=1)
    if here.demo:
        _prepare_demonstration(here)


def _prepare_demonstration(here: nodes.Node) -> None:
    now = clock.now()
    demonstration.load(
        side=here.side,
        viewer=WORKER,
        now=now,
        progress=lambda done, of: _say(step="records", done=done, of=of),
    )
    companies = records.organisations(WORKER, now).filter(own=True, body__type="company")
    # Who tries the demonstration acts for the invented company: no real one shall seem to ask or answer.
    member_of = companies.filter(provenance="invented").first() or companies.first()
    for role, email, password in cast.people(here.side):
        ensure_person(
            viewer=WORKER,
            email=email,
            role=role,
            now=now,
            password=password,
            organisation=member_of.record if member_of and role == Role.MEMBER else None,
            language=cast.language(here.side),
        )


def demonstrate(node: NodeOption = None, unsigned: bool = False) -> None:
    """Add the other demonstration node as partner and, once only, sign the agreement with it."""
    together.introduce(now=clock.now())
    if not unsigned:
        together.sign_once(clock=clock.now)


def watch(node: NodeOption = None) -> None:
    """Say as JSON lines what is left to do, and end with the facts for the report when nothing is."""
    for facts in state.until_done(clock=clock.now):
        _say(**facts)


def status(node: NodeOption = None, as_json: AsJson = False) -> None:
    """What this node holds, gave and received, and what is left to do.

    Example: kakehashi status --node munich --json
    """
    facts = state.facts(clock.now())
    if as_json:
        _say(**facts)
        return
    console = Console()
    table = Table("kind", "given", "received", box=None, title=this.node().title["en"], title_justify="left")
    for kind, given, received in facts["kinds"]:
        table.add_row(kind, str(given), str(received))
    console.print(table)
    console.print(f"encoder: {facts['encoder']}", highlight=False, markup=False)
    for step in ("given", "received", "encoded", "matched"):
        done, of = facts[step]
        console.print(f"{step}: {done} of {of}", highlight=False)
    console.print(
        f"free disk: {shutil.disk_usage(Path(this.node().folder)).free // 2**20} MiB", highlight=False
    )
