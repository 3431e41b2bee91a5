"""Threat 23 and F7: an origin put back from a backup asks before it appends, and gets its own back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from kakehashi import clock, this
from kakehashi.errors import Recovering
from kakehashi.exchange import erase_list, outside
from kakehashi.exchange.actions import channels, erasing, keysets, restoring, rotating
from kakehashi.exchange.erase_list import LogLine, OwnLine
from kakehashi.exchange.keyset import USES
from kakehashi.exchange.models import Chain, Entry, Head
from kakehashi.exchange.models import Part as Kept
from kakehashi.exchange.page import Part
from kakehashi.records import actions as records
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record, Revision
from kakehashi.recovery import actions
from tests import cast
from tests.exchange.calls import call, code
from tests.exchange.world import World
from tests.recovery.loss import Loss, lose, make
from tests.recovery.reader import Reader

pytestmark = pytest.mark.django_db


def settle(reader: Reader, *, impatient: bool = False) -> dict[str, str]:
    with reader.serving() as client:
        return actions.settle(client, clock.now, impatient=impatient)


@pytest.mark.parametrize("entries", [1, 256])
def test_f7_what_was_lost_comes_back_from_the_partner_and_the_log_goes_on_without_a_fork(
    now: datetime, entries: int
) -> None:
    """F7 with 1 and 256 entries; the long form is `python -m tests.recovery.f7`."""
    loss = make(now, entries)
    lose(loss)
    with pytest.raises(Recovering), transaction.atomic():
        cast.offer(now, loss.owner)
    assert settle(loss.reader) == {}
    channel = loss.world.ours
    assert (channel.state, channel.size) == ("open", loss.size)
    assert Head.objects.get(channel=channel, size=channel.size).root == loss.root
    assert {*Record.objects.values_list("pk", flat=True)} == loss.records
    assert channels.open_due_channels(now=now) == 0  # nothing that came back is written anew
    cast.offer(now, loss.owner, title="Nach der Wiederherstellung")
    loss.reader.pull()  # checks each page against all that it ever read
    assert len(loss.reader.lines) == loss.size + 1


def test_threat_23_nothing_is_appended_before_the_partners_were_asked(now: datetime) -> None:
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    actions.begin(now=now)
    assert world.ours.state == "asking"
    before, records_before = world.ours.size, Record.objects.count()
    with pytest.raises(Recovering), transaction.atomic():
        cast.offer(now, owner)
    assert channels.open_due_channels(now=now) == 0
    assert (world.ours.size, Record.objects.count()) == (before, records_before)
    reader = Reader(world)
    reader.pull()
    assert settle(reader) == {}
    assert world.ours.state == "open"
    cast.offer(now, owner)


def test_while_it_asks_it_serves_but_tells_nobody_that_it_has_less(now: datetime) -> None:
    """A partner that hears 416 stops for good; 503 makes it come again."""
    world = World(now)
    cast.organisation(now, audience="agreements")
    restoring.ask_anew(now=now)
    path = f"/channels/{world.ours.name}/entries?from="
    keys = world.origin.keys
    assert call("GET", path + "0", keys=keys, now=now).status_code == 200
    beyond = call("GET", path + "9", keys=keys, now=now)
    assert (beyond.status_code, code(beyond)) == (503, "origin-recovering")


def test_a_partner_that_does_not_answer_is_waited_for_unless_the_folder_shows_that_nothing_is_missing(
    now: datetime,
) -> None:
    world, reader = _read_and_acknowledged(now)
    reader.speaks = False
    actions.begin(now=now)
    assert list(settle(reader)) == [world.ours.name]
    assert settle(reader, impatient=True) != {}  # the folder knows nothing of it
    outside.note_size(_folder(), world.ours.name, world.ours.size + 1)
    assert settle(reader, impatient=True) != {}  # it knows of more than is here
    outside.note_size(_folder(), world.ours.name, world.ours.size)
    assert settle(reader, impatient=True) == {}
    assert world.ours.state == "open"


def test_after_an_announced_restore_only_the_partners_word_counts(now: datetime) -> None:
    world, reader = _read_and_acknowledged(now)
    outside.note_size(_folder(), world.ours.name, world.ours.size)
    (_folder() / outside.RESTORED).touch()
    actions.begin(now=now)
    reader.speaks = False
    assert settle(reader, impatient=True) != {}
    reader.speaks = True
    assert settle(reader) == {}
    assert not (_folder() / outside.RESTORED).exists()


def test_a_database_that_is_behind_its_folder_does_not_append_even_before_anybody_asked(
    now: datetime,
) -> None:
    world = World(now)
    outside.note_size(_folder(), world.ours.name, world.ours.size + 5)
    with pytest.raises(Recovering, match="restored from a backup"):
        cast.organisation(now, audience="agreements")


def test_a_change_and_a_withdrawal_after_the_backup_come_back_too(now: datetime) -> None:
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    changed, gone, narrowed = (cast.offer(now, owner, audience="agreements") for _ in range(3))
    reader = Reader(world)

    def later() -> None:
        body = cast.offer_body(owner, title="Zweite Fassung")
        records.revise(viewer=cast.EDITOR, record_id=changed.pk, body=body, now=now)
        records.move(viewer=cast.EDITOR, record_id=gone.pk, to=State.WITHDRAWN, now=now)
        records.set_level(viewer=cast.EDITOR, record_id=narrowed.pk, audience="members", now=now)
        reader.pull()

    _and_lose(later)
    restoring.ask_anew(now=now)
    assert settle(reader) == {}
    title = Revision.objects.get(record=changed, number=2).body["title"]["de"]["text"]
    assert title == "Zweite Fassung"
    assert Record.objects.get(pk=changed.pk).revision == 2
    assert Record.objects.get(pk=gone.pk).state == State.WITHDRAWN
    assert Record.objects.get(pk=narrowed.pk).audience == "members"
    assert channels.open_due_channels(now=now) == 0
    assert world.ours.size == len(reader.lines)


def test_what_neither_side_has_any_more_is_withdrawn(now: datetime) -> None:
    """The partner had refused it and kept nothing but its header."""
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    reader = Reader(world)

    def later() -> None:
        cast.offer(now, owner, audience="agreements")
        reader.pull()
        reader.lines[-1] = replace(reader.lines[-1], parts={})

    _and_lose(later)
    restoring.ask_anew(now=now)
    assert settle(reader) == {}
    newest = Entry.objects.filter(channel=world.ours).order_by("-index")[0]
    assert newest.op == "withdraw"
    assert not Chain.objects.filter(channel=world.ours, record=newest.record, live__isnull=False).exists()


def test_what_was_erased_does_not_come_back_although_the_partner_still_has_it(now: datetime) -> None:
    """Threat 37 on the way back: the erase list of the folder is newer than backup and partner."""
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    reader, made = Reader(world), []

    def later() -> None:
        made.append(cast.offer(now, owner, audience="agreements").pk)
        reader.pull()

    _and_lose(later)
    erasing.note_erasure(world.ours, LogLine(world.ours.name, 99, made[0], ("body", "person"), now))
    restoring.ask_anew(now=now)
    assert settle(reader) == {}
    assert not Record.objects.filter(pk=made[0]).exists()
    assert not Kept.objects.filter(channel=world.ours, record=made[0]).exists()


def test_a_receipt_under_a_log_key_that_is_younger_than_the_backup_is_understood(
    now: datetime, settings: Any, tmp_path: Path
) -> None:
    """Found by the model (C9): the key set that lists the key came back only after the receipt was judged."""
    settings.NODE = replace(settings.NODE, folder=tmp_path)  # the keys that this makes are its own
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    reader = Reader(world)

    def later() -> None:
        rotating.publish(data=keysets.sign_here(rotating.rotate(USES, now=now), now=now), now=now)
        cast.offer(now, owner, audience="agreements")
        reader.pull()

    _and_lose(later)
    restoring.ask_anew(now=now)
    assert settle(reader) == {}
    assert (world.ours.state, world.ours.size) == ("open", len(reader.lines))


def test_what_was_erased_whole_is_erased_again_when_the_log_alone_still_tells_of_it(now: datetime) -> None:
    """The folder was lost with its erase list; of a record without personal part only texts are erased."""
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="agreements"), audience="agreements")
    reader = Reader(world)

    def later() -> None:
        records.erase(viewer=cast.MANAGER, record_id=record.id, scope="all", basis="gdpr-17", now=now)
        reader.pull()

    _and_lose(later)
    (this.node().folder / erase_list.NAME).unlink(missing_ok=True)
    assert Record.objects.filter(pk=record.id).exists()
    restoring.ask_anew(now=now)
    assert settle(reader) == {}
    assert not Record.objects.filter(pk=record.id).exists()


@pytest.mark.parametrize("narrowed", [0, 1])
def test_what_one_partner_may_no_longer_have_and_another_has_comes_back_without_its_earlier_wording(
    now: datetime, narrowed: int
) -> None:
    """Found by the model (C9): in the log of the first, erasing earlier wordings looks like erasing all."""
    worlds = [World(now, node) for node in ("kyoto.example", "osaka.example")]
    worlds.sort(key=lambda world: world.ours.name)  # they are asked in this order
    owner = cast.organisation(now, audience="agreements")
    record = cast.offer(now, owner, audience="agreements")
    readers, keeps = [Reader(world) for world in worlds], worlds[1 - narrowed]

    def later() -> None:
        where = {"viewer": cast.EDITOR, "record_id": record.pk, "now": now}
        records.revise(**where, body=cast.offer_body(owner, title="Ohne den Namen"), overrule=True)
        records.set_level(**where, audience="named", named=[keeps.lineage])
        facts = {"scope": "earlier", "basis": "gdpr-17", "now": now}
        records.erase(viewer=cast.MANAGER, record_id=record.pk, **facts)
        for reader in readers:
            reader.pull()

    _and_lose(later)
    restoring.ask_anew(now=now)
    with readers[0].serving(), readers[1].serving() as client:
        assert actions.settle(client, clock.now, impatient=False) == {}
    back = Record.objects.get(pk=record.pk)
    assert (back.audience, back.named) == ("named", [keeps.lineage])
    assert [revision.number for revision in back.revisions.all()] == [2]
    channels.open_due_channels(now=now)
    assert [len(reader.lines) for reader in readers] == [world.ours.size for world in worlds]


@pytest.mark.parametrize("listed", [True, False])
def test_a_present_wording_that_nobody_was_given_stays_if_the_erase_list_says_that_earlier_ones_went(
    now: datetime, listed: bool
) -> None:
    """Without the list nobody can tell whether the wording in the backup is one of those."""
    world = World(now)
    owner = cast.organisation(now, audience="agreements")
    record = cast.offer(now, owner, audience="agreements")
    where = {"viewer": cast.EDITOR, "record_id": record.pk, "now": now}
    records.revise(**where, body=cast.offer_body(owner, title="Ohne den Namen"), overrule=True)
    reader, erased = Reader(world), []

    def later() -> None:
        records.set_level(**where, audience="members")
        facts = {"scope": "earlier", "basis": "gdpr-17", "now": now}
        records.erase(viewer=cast.MANAGER, record_id=record.pk, **facts)
        reader.pull()
        entry = Entry.objects.get(channel=world.ours, record=record.pk, op="erase")
        told = LogLine(world.ours.name, entry.index, record.pk, ("body",), now)
        erased.extend([OwnLine(record.pk, "earlier", 2), told])

    _and_lose(later)
    path = this.node().folder / erase_list.NAME
    path.unlink(missing_ok=True)
    if listed:
        erase_list.append(this.node().folder, erased)
    restoring.ask_anew(now=now)
    try:
        assert settle(reader) == {}
    finally:
        path.unlink(missing_ok=True)
    rows = Record.objects.filter(pk=record.pk).values_list("audience", "revisions__number")
    assert list(rows) == ([("members", 2)] if listed else [])
    channels.open_due_channels(now=now)
    assert world.ours.size == len(reader.lines)


@pytest.mark.parametrize("what", ["header", "part", "order", "note"])
def test_a_mirror_that_is_not_what_this_node_wrote_is_not_taken(now: datetime, what: str) -> None:
    loss = make(now, 5)
    lose(loss)
    _alter(loss, what)
    (waiting,) = settle(loss.reader).values()
    assert waiting.partition(":")[0] in ("record-sig", "root-mismatch", "part-mismatch", "checkpoint-sig")
    channel = loss.world.ours
    assert (channel.state, channel.size) == ("recover", loss.kept)
    assert {*Record.objects.values_list("pk", flat=True)} < loss.records


def test_a_receipt_for_another_log_than_ours_waits_for_people(now: datetime) -> None:
    """The database was put back, and written to, without anybody asking: two things under one number."""
    loss = make(now, 3)
    lose(loss, ask=False)
    for _ in range(3):
        cast.offer(now, loss.owner, audience="agreements")
    restoring.ask_anew(now=now)
    (waiting,) = settle(loss.reader).values()
    assert "new epoch" in waiting
    assert loss.world.ours.state == "recover"


def _alter(loss: Loss, what: str) -> None:
    reader, last, before = loss.reader, loss.reader.lines[-1], loss.reader.lines[-2]
    if what == "header":
        reader.lines[-1] = replace(before, index=last.index)
    elif what == "order":
        reader.lines[-2:] = [replace(last, index=before.index), replace(before, index=last.index)]
    elif what == "part":
        part = last.parts["body"]
        altered = Part(part.salt, part.data.replace(b"lab_tested", b"lab_tasted"))
        reader.lines[-1] = replace(last, parts={"body": altered})
    else:
        reader.told = reader.note.replace(f"\n{loss.size}\n", f"\n{loss.size - 1}\n")


def _read_and_acknowledged(now: datetime) -> tuple[World, Reader]:
    world = World(now)
    cast.organisation(now, audience="agreements")
    reader = Reader(world)
    reader.pull()
    return world, reader


def _and_lose(later: Callable[[], None]) -> None:
    point = transaction.savepoint()
    later()
    transaction.savepoint_rollback(point)


def _folder() -> Path:
    return this.node().folder
