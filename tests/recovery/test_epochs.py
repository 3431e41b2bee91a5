"""A log that nobody can restore is closed; its next epoch goes on from there, once people agree."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import pytest
from django.test import Client

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER, Role
from kakehashi.errors import Conflict, LogError, NotAllowed
from kakehashi.exchange import header, outside, pulling, queries
from kakehashi.exchange.actions import channels, epochs, feeding, restoring
from kakehashi.exchange.header import Place
from kakehashi.exchange.models import Channel, Entry, Feed, Part
from kakehashi.records.models import Passage, Reading
from kakehashi.recovery import actions, asking
from kakehashi.signing.commit import hash_name
from tests import cast
from tests.exchange.calls import call, code
from tests.exchange.world import World, body
from tests.recovery.giver import Giver
from tests.recovery.loss import lose, make
from tests.recovery.reader import Reader
from tests.recovery.server import Answer, served

pytestmark = pytest.mark.django_db


def test_a_fork_ends_in_a_new_epoch_that_names_what_was_last_cosigned(now: datetime) -> None:
    """The database was put back and written to: the log cannot be what the partner read."""
    loss = make(now, 3)
    cosigned, size = loss.reader.root(), loss.size
    lose(loss, ask=False)
    for _ in range(2):
        cast.offer(now, loss.owner, audience="agreements")
    restoring.ask_anew(now=now)
    old = loss.world.ours.name
    with loss.reader.serving() as client:
        assert "root-mismatch" in actions.settle(client, clock.now, impatient=False)[old]
        named = asking.last_cosigned(client, old, now)
    assert named == (size, cosigned)
    new = epochs.open_next(viewer=WORKER, name=old, size=named[0], root=named[1], now=now)
    assert new.name == old[:-1] + "1"
    (first,) = Entry.objects.filter(channel=new)
    assert header_of(first)["follows"] == {"channel": old, "size": size, "root": hash_name(cosigned)}
    channels.open_due_channels(now=now)
    given = Passage.objects.filter(channel=new.name, closed_at__isnull=True).count()
    assert given == Reading.objects.filter(own=True, state="published").count() == 3
    assert not Part.objects.filter(channel=old).exists()
    keys = loss.world.origin.keys
    refused = call("GET", f"/channels/{old}/entries?from=0", keys=keys, now=now)
    assert (refused.status_code, code(refused)) == (410, "epoch-closed")
    reader = NextReader(loss.world)
    reader.pull()
    assert len(reader.lines) == 4
    cast.offer(now, loss.owner, audience="agreements")
    reader.pull()
    assert len(reader.lines) == 5


class NextReader(Reader):
    """Reads the newest epoch."""

    @property
    def name(self) -> str:
        return Channel.objects.filter(own=True).order_by("-epoch")[0].name


def header_of(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(bytes(entry.header))
    return found


def test_a_receipt_for_more_than_anybody_has_waits_for_people(now: datetime) -> None:
    """Both sides were put back; only the receipt beside the database tells that there was more."""
    loss = make(now, 4)
    receipt = loss.reader.receipt()
    lose(loss)
    loss.reader.lines, loss.reader.note = [], ""
    outside.copy_receipt(this.node().folder, loss.world.ours.name, "osaka.example", receipt)
    with loss.reader.serving() as client:
        (waiting,) = actions.settle(client, clock.now, impatient=True).values()
    assert "a new epoch is needed" in waiting
    assert loss.world.ours.state == "recover"


def test_only_managers_open_or_accept_an_epoch_and_each_once(now: datetime) -> None:
    world = World(now)
    with pytest.raises(NotAllowed):
        epochs.open_next(viewer=cast.EDITOR, name=world.ours.name, size=0, root=b"", now=now)
    name = world.ours.name
    epochs.open_next(viewer=cast.MANAGER, name=name, size=0, root=bytes(32), now=now)
    with pytest.raises(Conflict):
        epochs.open_next(viewer=cast.MANAGER, name=name, size=0, root=bytes(32), now=now)
    assert [c.name for c in queries.own_channels(WORKER).exclude(state="closed")] == [name[:-1] + "1"]


def stopped(now: datetime) -> tuple[World, Giver]:
    """A partner whose log was closed, and stopped being read here."""
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    with giver.serving() as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    feeding.failed(name=world.origin.channel, code="epoch-closed", detail="", now=now)
    return world, giver


def follow(world: World, **changes: Any) -> Callable[[str, str, bytes], Answer]:
    """The partner's next epoch, with one record, honestly begun unless `changes` say otherwise."""
    origin = world.origin
    old, size, root = origin.channel, len(origin.lines), origin.frontier().root()
    following = {"channel": old, "size": size, "root": hash_name(root), **changes}
    origin.channel = old[:-1] + "1"
    origin.place = Place(origin.keys.node, origin.channel, origin.hash)
    origin.lines, origin.heads = [], {}
    origin.log({**header.keyset(origin.place, hash=origin.keyset.hash, now=origin.now), "follows": following})
    origin.put(body=body(title="新しい時代"))
    return Giver(world).answer


def accept(world: World, answer: Callable[[str, str, bytes], Answer], old: str, now: datetime) -> Channel:
    with served(answer) as client:
        first = asking.first_of_next(client, old, now)
        new = epochs.accept_next(viewer=WORKER, name=old, first=first, now=now)
        while pulling.pull(client, new.name, lambda: now, wait=0):
            pass
    return new


def test_a_partners_next_epoch_is_read_once_a_person_has_accepted_it(now: datetime) -> None:
    world, _ = stopped(now)
    old = world.origin.channel
    assert Channel.objects.get(pk=old).state == "stopped"
    new = accept(world, follow(world), old, now)
    assert Channel.objects.get(pk=old).state == "closed"
    assert (Channel.objects.get(pk=new.name).size, Feed.objects.get(pk=new.name).code) == (2, "")
    assert [row.title["ja"] for row in Reading.objects.filter(own=False)] == ["新しい時代"]
    assert channels.open_due_channels(now=now) == 0  # no third channel for the same agreement


@pytest.mark.parametrize(
    "changes", [{"root": hash_name(bytes(32))}, {"size": 1}, {"size": 3}, {"channel": "x"}]
)
def test_an_epoch_that_does_not_follow_what_was_read_is_refused(
    now: datetime, changes: dict[str, Any]
) -> None:
    world, _ = stopped(now)
    old = world.origin.channel
    with pytest.raises(LogError):
        accept(world, follow(world, **changes), old, now)
    assert Channel.objects.get(pk=old).state == "stopped"
    assert Reading.objects.filter(own=False).count() == 1


def manager() -> Client:
    client = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(cast.user(Role.MANAGER), backend=backend)
    return client


def test_a_manager_is_told_of_the_new_log_and_agrees_to_it_on_a_page(now: datetime) -> None:
    world, _ = stopped(now)
    old, page, client = world.origin.channel, "/en/exchange/next-log/", manager()
    assert page in client.get("/en/exchange/").content.decode()
    asked = client.get(page).content.decode()
    assert "Read on in its new log" in asked
    assert old in asked
    with served(follow(world)):
        assert client.post(page, {"channel": old}).status_code == 200  # nobody has spoken with the partner
        assert Channel.objects.get(pk=old).state == "stopped"
        assert client.post(page, {"channel": old, "spoken": "on"}).status_code == 302
    assert Channel.objects.get(pk=old).state == "closed"
    assert Channel.objects.get(pk=old[:-1] + "1").state == "open"
    assert "No partner has begun a new log." in client.get(page).content.decode()
    assert page not in client.get("/en/exchange/").content.decode()


@pytest.mark.parametrize(
    ("changes", "says"), [({"size": 1}, "does not follow what was read"), (None, "does not answer just now")]
)
def test_the_page_says_why_a_new_log_cannot_be_read_and_leaves_all_as_it_was(
    now: datetime, changes: dict[str, Any] | None, says: str
) -> None:
    world, _ = stopped(now)
    old, client = world.origin.channel, manager()
    answer = follow(world, **(changes or {})) if changes else lambda *_: (503, b"")
    with served(answer):
        told = client.post("/en/exchange/next-log/", {"channel": old, "spoken": "on"}).content.decode()
    assert says in told
    assert Channel.objects.get(pk=old).state == "stopped"
    assert Reading.objects.filter(own=False, state="published").count() == 1


def test_reading_that_was_stopped_goes_on_when_people_have_spoken(now: datetime) -> None:
    world, giver = stopped(now)
    world.origin.put(body=body(title="続き"))
    epochs.resume(viewer=WORKER, name=world.origin.channel, now=now)
    with giver.serving() as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    assert (world.theirs.state, world.theirs.size) == ("open", 3)
    with pytest.raises(Conflict):
        epochs.resume(viewer=WORKER, name=world.origin.channel, now=now)
