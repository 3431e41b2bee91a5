"""Proofs out of a node's own tables: of what it gave and of what it received, judged without it."""

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from typer.testing import CliRunner

from kakehashi import cli, clock
from kakehashi.accounts.viewer import WORKER, Role
from kakehashi.audit.models import Entry as Audit
from kakehashi.errors import Conflict, NotAllowed, NotFound
from kakehashi.exchange import api, checkpoint, receipt
from kakehashi.exchange.actions import feeding
from kakehashi.exchange.log import leaf_hash
from kakehashi.exchange.models import Entry, Part
from kakehashi.proving import actions, merkle, queries
from kakehashi.proving.compare import Finding, compare
from kakehashi.proving.models import Tile
from kakehashi.proving.verify import Proven, verify
from kakehashi.records.lifecycle import State
from tests import cast
from tests.exchange.calls import call, code
from tests.exchange.origin import HERE, THERE
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def now() -> datetime:
    """Routes and commands read the clock themselves, so these tests live in the present."""
    return clock.now().replace(microsecond=0)


def acknowledge(world: World, size: int, at: datetime) -> None:
    """The partner's receipt for the first entries of this node's log."""
    note = api.queries.signed_head(world.ours, size).note
    reached = checkpoint.cosign(checkpoint.parse(note), THERE, world.origin.keys.log, int(at.timestamp()))
    data = receipt.build(reached, erased=[], rejected=[])
    feeding.take_receipt(channel=world.ours, peer=THERE, data=data, now=at)


def proven(record: UUID, now: datetime, origin: str = HERE, **options: Any) -> Proven:
    return verify(queries.prove(WORKER, origin, record, now, **options))


def test_a_record_that_was_given_is_proven_with_the_first_receipt_that_covers_it(now: datetime) -> None:
    world = World(now)
    offer = cast.offer(now, audience="agreements")
    acknowledge(world, 1, now)  # before the offer
    first = now + timedelta(minutes=5)
    acknowledge(world, world.ours.size, first)
    cast.offer(now, audience="agreements", title="Ein zweites Angebot")
    acknowledge(world, world.ours.size, now + timedelta(hours=1))
    shown = proven(offer.id, now)
    assert shown.header["id"] == f"urn:uuid:{offer.id}"
    assert shown.parts["body"]["kind"] == "offer"
    assert [(seen.by, seen.at) for seen in shown.seen] == [(THERE, first)]
    assert shown.covered == ("c1",)


def test_without_a_receipt_the_proof_says_so(now: datetime) -> None:
    World(now)
    offer = cast.offer(now, audience="agreements")
    assert [(seen.by, seen.size) for seen in proven(offer.id, now).seen] == [("", 3)]


def test_a_record_that_was_received_is_proven_too_with_our_own_receipt(now: datetime) -> None:
    world = World(now)
    line = world.origin.put(body=body())
    world.apply()
    record = UUID(line.header["id"].removeprefix("urn:uuid:"))
    assert [seen.by for seen in proven(record, now, THERE).seen] == [""]
    data = feeding.make_receipt(world.theirs, now)
    feeding.receipt_sent(name=world.origin.channel, data=data, size=world.theirs.size, now=now)
    shown = proven(record, now, THERE)
    assert [(seen.by, seen.at) for seen in shown.seen] == [(HERE, now)]
    assert shown.parts["body"]["title"]["ja"]["text"] == "ペプチド医薬の提供"


def test_of_a_withdrawn_record_the_withdrawal_is_proven_without_any_payload(now: datetime) -> None:
    World(now)
    offer = cast.offer(now, audience="agreements")
    from kakehashi.records import actions as records

    records.move(viewer=cast.EDITOR, record_id=offer.id, to=State.WITHDRAWN, now=now)
    shown = proven(offer.id, now)
    assert (shown.header["op"], shown.parts) == ("withdraw", {})


def test_what_never_crossed_cannot_be_proven(now: datetime) -> None:
    World(now)
    offer = cast.offer(now, audience="private")
    for record, options in ((offer.id, {}), (UUID(int=1), {}), (offer.id, {"agreement": "sha256-x"})):
        with pytest.raises(NotFound):
            proven(record, now, **options)


def test_only_the_cluster_s_team_takes_proofs(now: datetime) -> None:
    World(now)
    offer = cast.offer(now, audience="public")
    for viewer in (cast.NOBODY, cast.READER, cast.member(offer.owner)):
        with pytest.raises(NotAllowed):
            queries.prove(viewer, HERE, offer.id, now)


def test_a_log_that_was_tampered_with_gives_no_proof(now: datetime) -> None:
    """Threat 44: whoever changes rows of the log behind the program's back has no proofs any more."""
    World(now)
    offer = cast.offer(now, audience="agreements")
    Part.objects.filter(record=offer.id).update(data=b'{"kind":"offer"}')
    with pytest.raises(Conflict):
        proven(offer.id, now)
    Part.objects.all().delete()
    assert proven(offer.id, now).absent == ["body"]
    Entry.objects.filter(index=0).update(leaf=bytes(32))
    with pytest.raises(Conflict):
        proven(offer.id, now)


# the page and the commands


def test_the_team_downloads_the_proof_from_the_record_s_page_and_that_is_noted(now: datetime) -> None:
    World(now)
    offer = cast.offer(now, audience="public")
    client = Client()
    client.force_login(cast.user(Role.EDITOR))
    address = f"/de/records/{HERE}/{offer.id}/"
    page = client.get(address).content.decode()
    assert "Nachweis herunterladen" in page
    lineage = re.search(r'name="agreement" value="([^"]+)"', page)
    assert lineage is not None
    answer = client.post(f"{address}proof/", {"agreement": lineage[1]})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="proof-{offer.id}.json"'
    assert verify(answer.content).header["id"] == f"urn:uuid:{offer.id}"
    assert Audit.objects.filter(action="proving.take", actor="editor@munich.example").count() == 1
    assert "Nachweis herunterladen" not in Client().get(address).content.decode()


def test_the_command_writes_a_file_that_verify_reads_without_node_or_django(
    now: datetime, tmp_path: Path
) -> None:
    world = World(now)
    offer = cast.offer(now, audience="agreements")
    acknowledge(world, world.ours.size, now)
    file = tmp_path / "proof.json"
    command = cli.build("prove")
    done = CliRunner().invoke(command, ["prove", "--record", f"{HERE}/{offer.id}", "--out", str(file)])
    assert done.exit_code == 0, done.output
    code = (
        "import sys, typer; from kakehashi.proving.offline import mount; app = typer.Typer(); mount(app)\n"
        "try: app(sys.argv[1:])\n"
        "finally: assert 'django' not in sys.modules"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip

    told = run("verify", str(file))
    assert told.returncode == 0, told.stderr
    for word in (str(offer.id), HERE, f"{THERE} had received it by", "c1"):
        assert word in told.stdout
    file.write_bytes(file.read_bytes().replace(b'"GREEN"', b'"CLEAR"'))
    told = run("verify", str(file))
    assert told.returncode == 1
    assert told.stdout.startswith("Not proven: ")


@pytest.mark.parametrize("record", ["nowhere", f"{HERE}/nothing", f"{HERE}/{UUID(int=1)}"])
def test_the_command_says_what_it_cannot_find(now: datetime, record: str) -> None:
    done = CliRunner().invoke(cli.build("prove"), ["prove", "--record", record])
    assert isinstance(done.exception, NotFound)


def test_a_log_is_proven_to_have_only_grown_since_a_head_that_a_partner_holds(
    now: datetime, tmp_path: Path
) -> None:
    world = World(now)
    held = api.queries.signed_head(world.ours, 1).note.encode()
    cast.offer(now, audience="agreements")
    file = tmp_path / "growth.json"
    words = ["growth", world.ours.name, "--since", "1", "--out", str(file)]
    assert CliRunner().invoke(cli.build("growth"), words).exit_code == 0
    found = compare(held, file.read_bytes())
    assert (found.finding, found.signed, found.other.size) == (Finding.GROWN, True, 3)
    for log, since in ((world.ours.name, 4), (world.ours.name, 0), ("nowhere", 1)):
        with pytest.raises(NotFound):
            queries.growth(WORKER, log, since)


# tiles


def test_tiles_are_stored_when_full_and_give_the_same_proofs(now: datetime) -> None:
    world = World(now)
    channel, grown = world.ours, 600
    headers = [b'{"i":%d}' % i for i in range(channel.size, grown)]
    Entry.objects.bulk_create(
        Entry(channel=channel, index=i, leaf=leaf_hash(data), header=data, op="put")
        for i, data in enumerate(headers, channel.size)
    )
    channel.size = grown
    channel.save()
    before = merkle.inclusion(queries.hashes(channel), 7, grown)
    assert actions.fill(now=now) == 2
    assert actions.fill(now=now) == 0
    assert merkle.inclusion(queries.hashes(channel), 7, grown) == before
    Tile.objects.filter(index=1).update(hash=bytes(32))
    assert merkle.inclusion(queries.hashes(channel), 7, grown) != before  # they are what is used


def test_an_auditor_s_tiles_hold_the_signed_tree_and_headers_only(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    keys, base = world.origin.keys, f"/channels/{world.ours.name}/tlog"

    def get(path: str) -> bytes:
        answer = call("GET", base + path, keys=keys, now=now)
        assert answer.status_code == 200, answer.content
        return answer.content

    head = checkpoint.parse(get("/checkpoint").decode())
    checkpoint.verify_signature(head, [world.origin.here.log.public])
    width = head.size
    tile, entries = get(f"/tile/0/000.p/{width}"), get(f"/tile/entries/000.p/{width}")
    leaves = [tile[i : i + 32] for i in range(0, len(tile), 32)]
    assert merkle.tree_hash(lambda level, first, last: leaves[first:last], 0, width) == head.root
    found = []
    while entries:
        length = int.from_bytes(entries[:2], "big")
        found.append(entries[2 : 2 + length])
        entries = entries[2 + length :]
    assert [leaf_hash(data) for data in found] == leaves
    assert "Bispezifische" not in b"".join(found).decode()


@pytest.mark.parametrize(
    "path",
    ["/tile/0/000", "/tile/0/000.p/4", "/tile/1/000.p/1", "/tile/0/x001/000", "/tile/9/000.p/1",
     "/tile/63/000.p/1", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/entries/001.p/1",
     "/tile/0/x999/x999/x999/x999/999.p/255"],
)  # fmt: skip
def test_tiles_that_the_log_does_not_have_are_not_found(now: datetime, path: str) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    answer = call("GET", f"/channels/{world.ours.name}/tlog{path}", keys=world.origin.keys, now=now)
    assert answer.status_code == 404


def test_tiles_are_for_readers_of_the_channel_only(now: datetime) -> None:
    world = World(now)
    for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
        assert Client().get(f"/kx/v1/channels/{world.ours.name}/tlog/{path}").status_code == 401
        answer = call("GET", f"/channels/{world.origin.channel}/tlog/{path}", keys=world.origin.keys, now=now)
        assert code(answer) == "not-found"
