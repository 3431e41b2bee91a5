"""`kakehashi keys …`: this node's keys, their rotation and revocation, and the root key's part offline."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER, Role, Viewer
from kakehashi.agreements import actions as agreements
from kakehashi.errors import Conflict, InvalidInput, NotFound
from kakehashi.exchange import rotation
from kakehashi.exchange.actions import keysets, rotating
from kakehashi.exchange.keys import queries, words
from kakehashi.exchange.keyset import COMPROMISED, MAX_BYTES, SUPERSEDED, USES, KeySet
from kakehashi.options import AsJson, NodeOption
from kakehashi.signing.keyring import read_key
from kakehashi.signing.keys import fingerprint, public_bytes

app = typer.Typer(no_args_is_help=True, help="Keys: list, renew, rotate, revoke, sign offline, publish.")

OPERATOR = Viewer(role=Role.OPERATOR, actor="command line")
Out = Annotated[
    Path | None,
    typer.Option("--out", help="The request's file, for the root key. The demonstration needs none."),
]


@app.command("list")
def list_(
    of: Annotated[str | None, typer.Option(help="A partner's node name. Default: this node.")] = None,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """The keys of this node or of a partner: what each is for, whether it signs, and what needs a hand.

    Exit code 1 if something about the keys needs a person. Example: kakehashi keys list --node munich
    """
    now, name = clock.now(), of or this.node().name
    alarms = [alarm for alarm in queries.alarms(WORKER, now) if of is None or alarm.node == of]
    found = _known(name)
    if as_json:
        typer.echo(
            json.dumps({"keys": _json(found), "alarms": [asdict(each) for each in alarms]}, default=_text)
        )
    else:
        if found:
            _tell(found)
        for alarm in alarms:
            typer.echo(f"{alarm.node}: {words.sentence(alarm)}", err=True)
    raise typer.Exit(1 if alarms else 0)


@app.command()
def renew(
    threshold: Annotated[
        int | None, typer.Option(min=1, max=16, help="How many root keys must sign from now on.")
    ] = None,
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Ask for the next version with the same keys, valid for 400 days; the first version of a new node too.

    Example: kakehashi keys renew --node munich --out request.json
    """
    _request(rotating.renew(now=clock.now(), threshold=threshold), out)


@app.command()
def rotate(
    uses: Annotated[list[str], typer.Argument(help="record, log, http, or all.", metavar="USE...")],
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Make a new key for each use and ask for a version that lists it.

    The new key signs once that version is published.

    Example: kakehashi keys rotate record log --node munich --out request.json
    """
    wrong = [use for use in uses if use not in (*USES, "all")]
    if wrong:
        raise InvalidInput({"use": [f"{wrong[0]} is no use of a key; there are: {', '.join(USES)}, all"]})
    _request(rotating.rotate(USES if "all" in uses else uses, now=clock.now()), out)


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The key, such as rec-1.", metavar="KEY")],
    superseded: Annotated[
        bool, typer.Option("--superseded", help="Only out of use; what it signed stays good.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"], help="When it was stolen, UTC. Default: now."
        ),
    ] = None,
    last_good: Annotated[
        list[str] | None,
        typer.Option(
            help="CHANNEL=INDEX up to which we stand by it; repeat. Default: by partners' receipts."
        ),
    ] = None,
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Ask for a version that revokes a key.

    What a stolen record key signed after the last good entry is hidden at the partners, and what is ours of
    it is said again under a new key.

    Example: kakehashi keys revoke rec-1 --since 2026-11-20 --node munich --out request.json
    """
    now = clock.now()
    document = rotating.revoke(
        name,
        reason=SUPERSEDED if superseded else COMPROMISED,
        since=since.replace(tzinfo=UTC) if since else now,
        last_good=dict(map(_bound, last_good or [])),
        now=now,
    )
    _request(document, out)


@app.command("rotate-root")
def rotate_root(
    keys: Annotated[list[str], typer.Option("--key", help="A public root key z6Mk…; repeat for each.")],
    threshold: Annotated[int, typer.Option(min=1, max=16, help="How many of them must sign.")] = 1,
    out: Out = None,
    node: NodeOption = None,
) -> None:
    """Ask for a version with other root keys, to be signed by the present ones and by these.

    Each partner's people must confirm them. «kakehashi agreement root-key» makes one; a second may lie sealed
    in a safe.

    Example: kakehashi keys rotate-root --key z6Mk… --key z6Mk… --threshold 1 --node biom --out request.json
    """
    if this.node().demo:
        raise Conflict("The demonstration keeps its root key, which lies in the node's own folder.")
    for key in keys:
        public_bytes(key)
    if threshold > len(set(keys)):
        raise Conflict(f"{len(set(keys))} root key(s) cannot give {threshold} signatures.")
    _request(rotating.rotate_root(sorted(set(keys)), threshold, now=clock.now()), out)


@app.command("sign-offline")
def sign_offline(
    request: Annotated[Path, typer.Argument(help="The file that renew, rotate or revoke has written.")],
    keys: Annotated[list[Path], typer.Option("--key", help="The file of a root key; repeat for more.")],
    out: Annotated[Path | None, typer.Option("--out", help="Default: the request's file itself.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say what a request changes, and sign it with root keys from files; needs no node and no network.

    Example: kakehashi keys sign-offline request.json --key /media/stick/root.key
    """
    asked = rotation.read_request(_read(request))
    roots = [read_key(path) for path in keys]
    typer.echo(f"{asked.keys.node}, version {asked.keys.version}:", err=True)
    for change in rotation.changes(asked.former, asked.keys):
        typer.echo(f"  {change}", err=True)
    if not yes:
        typer.confirm("Sign this?", abort=True, err=True)
    for root in roots:
        asked = rotation.sign_request(asked, root, clock.now())
    (out or request).write_bytes(rotation.write_request(asked.former, asked.document) + b"\n")
    more = (
        f"{asked.missing} signature(s) of root keys are still missing."
        if asked.missing
        else "It can be published."
    )
    typer.echo(f"Signed: {out or request}. {more}", err=True)


@app.command()
def publish(
    signed: Annotated[Path, typer.Argument(help="The file that «keys sign-offline» has signed.")],
    node: NodeOption = None,
) -> None:
    """Check a signed request and publish its key set. From the next entry of each channel on it is in force.

    Example: kakehashi keys publish request.json --node munich
    """
    _published(rotating.publish_request(data=_read(signed), now=clock.now()))


@app.command("confirm-root")
def confirm_root(
    partner: Annotated[str, typer.Argument(help="The partner's node name.")],
    said: Annotated[
        list[str],
        typer.Option("--fingerprint", help="As the partner read it to you; repeat for each new key."),
    ],
    node: NodeOption = None,
) -> None:
    """Put a partner's new root keys in force, after their fingerprints were compared by telephone.

    Example: kakehashi keys confirm-root osaka.example --fingerprint "7c2c 59cf …" --node munich
    """
    agreements.confirm_roots(viewer=OPERATOR, node=partner, said=said, now=clock.now())
    typer.echo(f"The root keys of {partner} are confirmed.")


def _request(document: rotation.Document, out: Path | None) -> None:
    """Write the request for the root key; the demonstration has that key at hand, and publishes at once."""
    here, now = this.node(), clock.now()
    if here.demo and out is None:
        _published(rotating.publish(data=keysets.sign_here(document, now=now), now=now))
        return
    data = rotation.write_request(keysets.latest(here.name), document)
    if out is None:
        typer.echo(data.decode())
        return
    out.write_bytes(data + b"\n")
    typer.echo(f"Written to {out}. Have it signed where the root key is, then publish it:", err=True)
    typer.echo(f"  kakehashi keys sign-offline {out} --key root.key", err=True)
    typer.echo(f"  kakehashi keys publish {out} --node {here.side}", err=True)


def _published(found: KeySet) -> None:
    typer.echo(f"Published version {found.version} of {found.node}, good until {found.not_after:%Y-%m-%d}.")


def _known(name: str) -> queries.Keys | None:
    try:
        return queries.of_node(WORKER, name)
    except NotFound:
        if name != this.node().name:
            raise
        return None


def _tell(found: queries.Keys) -> None:
    console = Console(highlight=False)
    table = Table("key", "for", "state", "fingerprint", box=None)
    for key in found.keys:
        table.add_row(key.name, key.use, key.state, fingerprint(key.public))
    for number, root in enumerate(found.roots, 1):
        table.add_row(f"root-{number}", "root", "offline", fingerprint(root))
    for gone in found.revoked:
        table.add_row(gone.name, "", f"revoked, {gone.reason}", "")
    console.print(f"{found.node}, version {found.version}, valid until {found.not_after:%Y-%m-%d}")
    console.print(f"{found.threshold} of {len(found.roots)} root key(s) must sign")
    if found.honoured:
        console.print(f"counts without another fetch until {found.honoured:%Y-%m-%d %H:%M} UTC")
    console.print(table)


def _json(found: queries.Keys | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


def _text(value: Any) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)


def _bound(text: str) -> tuple[str, int]:
    channel, found, index = text.rpartition("=")
    if not found or not index.removeprefix("-").isdigit():
        raise InvalidInput({"last-good": [f"{text}: write CHANNEL=INDEX, such as biom.example/kx/…/0=120"]})
    return channel, int(index)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(3 * MAX_BYTES + 2).strip()  # what is longer is refused when it is parsed
    except OSError as problem:
        raise NotFound(f"{path} cannot be read: {problem.strerror}") from problem
