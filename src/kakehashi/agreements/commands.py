"""`kakehashi agreement …`: partners, proposals, signatures and ends, for one node or with no node at all."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table

from kakehashi import clock, this
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.agreements import actions, cards, document, own, queries, signatures, terms
from kakehashi.agreements.models import Agreement
from kakehashi.errors import NotFound
from kakehashi.options import AsJson, NodeOption
from kakehashi.records.kinds import KINDS
from kakehashi.signing import canonical
from kakehashi.signing.keyring import read_key, write_key
from kakehashi.signing.keys import PrivateKey, fingerprint

app = typer.Typer(no_args_is_help=True, help="Partners and agreements: propose, inspect, sign, end.")

OPERATOR = Viewer(role=Role.OPERATOR, actor="command line")
Hash = Annotated[str, typer.Argument(help="The hash of the agreement, or its beginning.", metavar="HASH")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of the terminal.")]
Kinds = Annotated[list[str] | None, typer.Option(help="A kind that may cross; repeat. Default: all.")]
Topics = Annotated[list[str] | None, typer.Option(help="A topic that may cross; repeat. Default: all.")]
Day = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day, in UTC.")]


@app.command("root-key")
def root_key(path: Annotated[Path, typer.Argument(help="The file to make; keep it off the node.")]) -> None:
    """Make a root key in a file of its own and print its public part; needs no node.

    Example: kakehashi agreement root-key /media/stick/root.key
    """
    try:
        key = write_key(path, PrivateKey.generate())
    except OSError as problem:
        raise NotFound(f"{path} cannot be written: {problem.strerror}") from problem
    typer.echo(key.public)
    typer.echo(f"Fingerprint: {fingerprint(key.public)}", err=True)
    typer.echo("Write the public key into keys/root.pub in the folder of your node.", err=True)


@app.command()
def card(node: NodeOption = None, out: Out = None) -> None:
    """The card of this node, to be sent to a new partner.

    Example: kakehashi agreement card --node munich --out munich-card.json
    """
    _write(cards.write(own.card(this.node())).encode(), out)


@app.command("partner-add")
def partner_add(
    path: Annotated[Path, typer.Argument(help="The partner's card.", exists=True, dir_okay=False)],
    said: Annotated[
        str | None, typer.Option("--fingerprint", help="The fingerprint as the partner read it to you.")
    ] = None,
    node: NodeOption = None,
) -> None:
    """Add a partner from its card; it counts once the fingerprint is confirmed.

    Example: kakehashi agreement partner-add osaka-card.json --fingerprint "7c2c 59cf …" --node munich
    """
    now = clock.now()
    read = cards.read(_read(path).decode("utf-8", "replace"))
    found = actions.add_partner(viewer=OPERATOR, card=read, own=this.node().name, now=now)
    if said is not None:
        actions.confirm_fingerprint(viewer=OPERATOR, node=found.node, said=said, now=now)
        typer.echo(f"{found.node} is a partner; its fingerprint is confirmed.")
        return
    typer.echo(f"{found.node} is added, but counts only once its fingerprint is confirmed:")
    for key in found.root_keys:
        typer.echo(f"  {fingerprint(key)}")
    typer.echo("Compare it by telephone, then run this again with --fingerprint.")


@app.command()
def propose(
    partner: Annotated[str, typer.Argument(help="The partner's node name.")],
    starts: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, in UTC.")],
    years: Annotated[int, typer.Option(min=1, max=10, help="Length of the term.")] = 3,
    notice_days: Annotated[int, typer.Option(min=0, max=365, help="Notice of an end, in days.")] = 183,
    kind: Kinds = None,
    topic: Topics = None,
    level: Annotated[str, typer.Option(help="Highest TLP level: CLEAR, GREEN or AMBER.")] = "AMBER",
    onward: Annotated[str, typer.Option(help="Passing on: none, members or public.")] = "members",
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Write a draft from the template with five clauses, both ways alike.

    Example: kakehashi agreement propose osaka.example --from 2027-01-01 --level GREEN --node munich
    """
    here, there = this.node(), queries.partner(OPERATOR, partner)
    ours, begin = cards.party_of(own.card(here)), starts.replace(tzinfo=UTC)
    allow = partial(
        document.Permission,
        kinds=tuple(kind or KINDS),
        topics=tuple(topic or ("*",)),
        tlp_max=level,
        onward=onward,
    )
    draft = document.build(
        id=uuid4(),
        parties=[ours, queries.party_of_partner(there)],
        permissions=[
            allow(name, regions=tuple(regions))
            for name, regions in ((here.name, here.regions), (there.node, there.regions))
        ],
        starts=begin,
        until=terms.years_later(begin, years),
        notice_days=notice_days,
    )
    agreement = actions.propose(viewer=OPERATOR, document=draft, own=ours, now=clock.now())
    if out is not None:
        _write(canonical.encode(draft), out)
    typer.echo(agreement.hash)


@app.command("list")
def list_(node: NodeOption = None, as_json: AsJson = False) -> None:
    """All agreements of this node, with their state.

    Example: kakehashi agreement list --node munich --json
    """
    rows = [_facts(row) for row in queries.agreements(OPERATOR)]
    if as_json:
        _print_json(rows)
        return
    table = Table("hash", "state", "parties", "from", "until", box=None)
    for row in rows:
        table.add_row(row["hash"], row["state"], ", ".join(row["parties"]), row["from"], row["until"])
    Console().print(table)


@app.command()
def show(name: Hash, node: NodeOption = None, as_json: AsJson = False, out: Out = None) -> None:
    """One agreement in words, as JSON, or with --out its canonical document to be signed.

    Example: kakehashi agreement show 5a0c7713 --node munich --out agreement.json
    """
    agreement = queries.get(OPERATOR, name)
    if out is not None:
        _write(canonical.encode(agreement.document), out)
        return
    facts = {**_facts(agreement), "document": queries.signed_document(agreement)}
    if as_json:
        _print_json(facts)
        return
    _tell(agreement)


@app.command()
def sign(
    what: Annotated[str, typer.Argument(help="The document's file; in the demonstration a hash.")],
    key: Annotated[Path | None, typer.Option("--key", help="The file that holds your root key.")] = None,
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Sign an agreement or a termination with a root key from a file; needs no node and no database.

    Example: kakehashi agreement sign agreement.json --key /media/stick/root.key --out proof.json

    In the demonstration, where the root key lies on the node: kakehashi agreement sign HASH --node munich
    """
    now = clock.now()
    if key is None:
        agreement = queries.get(OPERATOR, what)
        actions.sign_with_node_root(viewer=OPERATOR, hash=agreement.hash, node=this.node(), now=now)
        typer.echo(f"Signed with the root key in the node's own folder: {agreement.hash}")
        return
    data, private = _read(Path(what)), read_key(key)
    _write(canonical.encode(signatures.sign_bytes(data, private, now)), out)


@app.command()
def upload(
    path: Annotated[Path, typer.Argument(help="What `sign` has written.", exists=True, dir_okay=False)],
    name: Annotated[
        str | None, typer.Option("--hash", help="Of which agreement; not needed for an end.")
    ] = None,
    node: NodeOption = None,
) -> None:
    """Bring a signature, or a signed termination, onto the node; the partner is told by the worker.

    Example: kakehashi agreement upload proof.json --hash 5a0c7713 --node munich
    """
    now, data = clock.now(), _read(path)
    value = canonical.decode(data, limit=document.MAX_BYTES)
    if isinstance(value, dict) and value.get("type") == "kx.termination":
        ending = signatures.parse_termination(data)
        agreement = actions.end(viewer=OPERATOR, ending=ending, own=this.node().name, now=now)
    elif name is None:
        raise typer.BadParameter("say with --hash which agreement this signs")
    else:
        found = queries.get(OPERATOR, name)
        agreement = actions.add_proof(
            viewer=OPERATOR, hash=found.hash, proof=value, own=this.node().name, now=now
        )
    agreement.refresh_from_db()
    typer.echo(f"{agreement.hash}: {agreement.state}")


@app.command()
def end(
    name: Hash,
    on: Day,
    cause: Annotated[bool, typer.Option("--cause", help="For cause, without notice.")] = False,
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Declare that an agreement ends: writes the termination to be signed; the demonstration signs at once.

    Example: kakehashi agreement end 5a0c7713 --on 2028-03-31 --node munich --out termination.json
    """
    now, here, agreement = clock.now(), this.node(), queries.get(OPERATOR, name)
    begin = on.replace(tzinfo=UTC)
    facts: dict[str, Any] = {
        "viewer": OPERATOR,
        "agreement": agreement,
        "effective": now.replace(microsecond=0) if cause and begin <= now else begin,
        "reason": "cause" if cause else "notice",
        "now": now,
    }
    if here.demo:
        ended = actions.end_with_node_root(node=here, **facts)
        typer.echo(
            f"Declared and signed with the root key in the node's own folder: {ended.hash} ends {ended.ends}"
        )
        return
    _write(canonical.encode(actions.draft_termination(own=here.name, **facts)), out)


def _facts(agreement: Agreement) -> dict[str, Any]:
    return {
        "hash": agreement.hash,
        "lineage": agreement.lineage,
        "version": agreement.version,
        "state": agreement.state,
        "suspended": agreement.suspended,
        "parties": [party["node"] for party in agreement.document["parties"]],
        "signed_by": sorted(proof.node for proof in agreement.proofs.all()),
        "from": f"{agreement.starts:%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{agreement.ends:%Y-%m-%dT%H:%M:%SZ}",
    }


def _tell(agreement: Agreement) -> None:
    """The agreement for a reader at the terminal, in English."""
    console, facts = Console(highlight=False), _facts(agreement)
    text = agreement.document
    console.print(f"[bold]{_english(text['title'])}[/]\n{agreement.hash}\n", soft_wrap=True)
    console.print(f"{facts['state']}, version {facts['version']}, {facts['from']} to {facts['until']}")
    for party in text["parties"]:
        mark = "signed" if party["node"] in facts["signed_by"] else "not signed"
        console.print(f"{party['node']}, {_english(party['name'])}: {mark}", markup=False)
    for number, clause in enumerate(text["clauses"], 1):
        console.print(f"{number}. {_english(clause['title'])}: {_english(clause['text'])}", markup=False)
    table = Table("from", "kinds", "topics", "regions", "up to", "passing on", box=None)
    for grant in text["grants"]:
        lists = [", ".join(grant[name]) for name in ("kinds", "topics", "regions")]
        table.add_row(grant["from"], *lists, grant["tlp_max"], grant["onward"])
    console.print(table)


def _english(words: dict[str, str]) -> str:
    return words.get("en") or next(iter(words.values()))


def _read(path: Path) -> bytes:
    """A file without the line break at its end; NotFound says why it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(document.MAX_BYTES + 2).strip()  # what is longer is refused when it is parsed
    except OSError as problem:
        raise NotFound(f"{path} cannot be read: {problem.strerror}") from problem


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        typer.echo(data.decode())
        return
    try:
        out.write_bytes(data + b"\n")
    except OSError as problem:
        raise NotFound(f"{out} cannot be written: {problem.strerror}") from problem


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
