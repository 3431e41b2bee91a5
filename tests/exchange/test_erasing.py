"""Erasure: destroyed on both sides, acknowledged, told when it is late, never brought back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi import this
from kakehashi.audit.models import Entry as AuditEntry
from kakehashi.exchange import checkpoint, erase_list, header, queries, receipt
from kakehashi.exchange.actions import erasing, feeding
from kakehashi.exchange.actions.keysets import latest
from kakehashi.exchange.erase_list import LogLine, OwnLine
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.models import Chain, Channel, Confirmation, Entry, Erasure, Part, Quarantine, Recall
from kakehashi.exchange.page import Line
from kakehashi.exchange.page import Part as Payload
from kakehashi.exchange.verify import verify_header
from kakehashi.records import actions as records
from kakehashi.records.models import Reading, Record
from kakehashi.signing import canonical
from kakehashi.signing.commit import commitment, new_salt
from tests import cast
from tests.exchange import dictionary
from tests.exchange.origin import THERE, Origin
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db
BOTH = {"parts": ("body", "person")}
PERSON = {"contact": {"name": "Erika Mustermann", "email": "erika@isar.example"}}


@pytest.fixture(autouse=True)
def _no_list_of_other_tests() -> Iterator[None]:
    yield
    (this.node().folder / erase_list.NAME).unlink(missing_ok=True)


def given_offer(now: datetime, person: dict[str, Any] | None = PERSON) -> Record:
    """An offer with a personal part that stands in this node's channel."""
    owner = cast.organisation(now)
    made = records.create(viewer=cast.EDITOR, body=cast.offer_body(owner), person=person, now=now)
    return cast.publish(made, now, "agreements")


def erase(record: Record, scope: str, now: datetime) -> None:
    records.erase(viewer=cast.MANAGER, record_id=record.id, scope=scope, basis="gdpr-17", now=now)


def ops(record: Record) -> list[str]:
    rows = Entry.objects.filter(channel__own=True, record=record.id).order_by("index")
    return list(rows.values_list("op", flat=True))


def parts_of(record: UUID, *, own: bool) -> list[str]:
    rows = Part.objects.filter(channel__own=own, record=record).order_by("name")
    return list(rows.values_list("name", flat=True))


def received(world: World, *, erased: list[int], at: datetime) -> None:
    """A receipt of the partner for everything that this node wrote."""
    note = checkpoint.parse(queries.signed_head(world.ours, world.ours.size).note)
    seconds = int(at.timestamp())
    signed = checkpoint.cosign(note, THERE, world.origin.keys.log, seconds)
    data = receipt.build(signed, erased=erased, rejected=[])
    feeding.take_receipt(channel=world.ours, peer=THERE, data=data, now=at)


# at the origin


def test_the_personal_part_is_erased_by_one_entry_and_the_record_stays(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now)
    assert parts_of(record.id, own=True) == ["body", "person"]
    erase(record, "person", now)
    assert ops(record) == ["put", "erase"]
    assert parts_of(record.id, own=True) == ["body"]
    records.set_level(viewer=cast.EDITOR, record_id=record.id, audience="agreements", now=now)
    assert ops(record) == ["put", "erase"]  # what stays needs no new revision
    logged = orjson.loads(bytes(Entry.objects.get(op="erase").header))
    assert (logged["parts"], logged["basis"]) == (["person"], "gdpr-17")
    assert logged["deadline"] == "2026-11-25T09:00:00Z"  # 72 hours, as agreed


def test_a_record_erased_whole_is_withdrawn_and_erased(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now)
    erase(record, "all", now)
    assert ops(record) == ["put", "withdraw", "erase"]
    assert parts_of(record.id, own=True) == []
    assert Chain.objects.get(record=record.id).live is None
    assert Recall.objects.filter(record=record.id).count() == 2


def test_of_an_organisation_that_is_erased_whole_the_partner_erases_all_it_owns(now: datetime) -> None:
    world = World(now, **BOTH)
    record = given_offer(now)
    owner = Record.objects.get(pk=record.owner)
    erase(owner, "all", now)
    for gone in (record, owner):
        assert ops(gone)[-2:] == ["withdraw", "erase"]
        assert parts_of(gone.id, own=True) == []
    assert not Chain.objects.filter(channel=world.ours, live__isnull=False).exists()
    assert not Record.objects.exists()


def test_after_earlier_wordings_are_erased_the_present_one_is_given_anew(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now, person=None)
    owner = Record.objects.get(pk=record.owner)
    records.revise(
        viewer=cast.EDITOR, record_id=record.id, body=cast.offer_body(owner, title="Ohne Namen"), now=now
    )
    before = set(Part.objects.filter(record=record.id).values_list("salt", flat=True))
    erase(record, "earlier", now)
    assert ops(record) == ["put", "put", "erase", "put"]
    (part,) = Part.objects.filter(record=record.id)
    assert part.salt not in before
    assert "Ohne Namen" in bytes(part.data).decode()


def test_what_was_withdrawn_before_is_erased_all_the_same(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now)
    records.set_level(viewer=cast.EDITOR, record_id=record.id, audience="private", now=now)
    erase(record, "person", now)
    assert ops(record) == ["put", "withdraw", "erase"]


def test_a_part_that_no_partner_ever_had_leaves_no_entry(now: datetime) -> None:
    World(now)  # personal parts may not cross
    record = given_offer(now)
    assert parts_of(record.id, own=True) == ["body"]
    erase(record, "person", now)
    assert ops(record) == ["put"]
    assert not Erasure.objects.exists()


def test_old_signatures_and_roots_verify_after_an_erasure(now: datetime) -> None:
    world = World(now, **BOTH)
    record = given_offer(now)
    size, note = world.ours.size, queries.signed_head(world.ours, world.ours.size).note
    erase(record, "all", now)
    entries = list(Entry.objects.filter(channel=world.ours).order_by("index"))
    keys = latest(this.node().name)
    assert keys is not None
    for entry in entries:
        verify_header(canonical.decode(bytes(entry.header), limit=header.MAX_BYTES), keys)
    old = Frontier().extend([leaf_hash(bytes(entry.header)) for entry in entries[:size]])
    reached = checkpoint.parse(note)
    checkpoint.verify_signature(reached, keys.all_of("log"))
    assert (old.size, old.root()) == (reached.size, reached.root)


# acknowledged, or told


def test_an_erasure_is_done_when_the_receipt_of_the_reader_lists_it(now: datetime) -> None:
    world = World(now, **BOTH)
    record = given_offer(now)
    erase(record, "person", now)
    row = Erasure.objects.get()
    received(world, erased=[], at=now)
    row.refresh_from_db()
    assert row.done_at is None
    received(world, erased=[row.index], at=now + timedelta(hours=1))
    row.refresh_from_db()
    assert row.done_at == now + timedelta(hours=1)
    assert Confirmation.objects.get().peer == THERE
    assert erasing.tell_late(now=now + timedelta(days=9)) == 0


def test_threat_35_a_partner_that_ignores_an_erasure_is_told_of_once(now: datetime) -> None:
    world = World(now, **BOTH)
    record = given_offer(now)
    erase(record, "person", now)
    late = now + timedelta(hours=72)
    assert erasing.tell_late(now=late - timedelta(seconds=1)) == 0
    received(world, erased=[], at=late)
    assert erasing.tell_late(now=late) == 1
    assert erasing.tell_late(now=late + timedelta(hours=1)) == 0
    told = AuditEntry.objects.get(action="exchange.alarm")
    assert told.facts == {"code": "erase-late", "by": [THERE]}


def test_a_reader_tells_of_its_own_delay_too(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    world.origin.erase(id, ["body"])
    world.apply()
    assert erasing.tell_late(now=now + timedelta(days=4)) == 1
    assert AuditEntry.objects.get(action="exchange.alarm").facts["by"] == [this.node().name]


def test_a_reader_lists_an_erasure_only_once_its_files_are_clean(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    line = world.origin.erase(id, ["body"])
    world.apply()

    def told() -> list[int]:
        return list(orjson.loads(feeding.make_receipt(world.theirs, now))["erased"])

    assert told() == []
    feeding.receipt_sent(
        name=world.theirs.name, data=feeding.make_receipt(world.theirs, now), size=world.theirs.size, now=now
    )
    assert not feeding.receipt_due(world.theirs.feed, world.theirs.size, now + timedelta(hours=1))
    Erasure.objects.update(scrubbed_at=now)
    assert told() == [line.index]
    assert feeding.receipt_due(world.theirs.feed, world.theirs.size, now + timedelta(hours=1))
    data = feeding.make_receipt(world.theirs, now)
    feeding.receipt_sent(name=world.theirs.name, data=data, size=world.theirs.size, now=now)
    assert Erasure.objects.get().done_at == now
    assert not feeding.receipt_due(world.theirs.feed, world.theirs.size, now + timedelta(hours=2))


# sticky


def test_a_record_whose_text_was_erased_is_hidden_and_not_called_faulty(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.erase(id, ["body"])
    world.apply()
    assert not Reading.objects.filter(own=False).exists()
    assert not Quarantine.objects.exists()
    world.origin.put(id, body=body(title="新しい", revision=2))
    world.apply()
    assert Reading.objects.get(own=False).title == {"ja": "新しい"}


def test_what_is_withdrawn_and_erased_on_one_page_is_hidden(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.withdraw(id)
    world.origin.erase(id, ["body"])
    world.apply()
    assert not Reading.objects.filter(own=False).exists()
    assert parts_of(id, own=False) == []


def test_threat_37_an_old_page_with_erased_parts_brings_nothing_back(now: datetime) -> None:
    """Also what threat 24 asks: a receiver put back from a backup, whose erase list is replayed first."""
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    world.apply()
    line = world.origin.erase(id, ["body"])
    Channel.objects.filter(pk=world.theirs.pk).update(size=1, frontier=world.origin.frontier(1).to_bytes())
    for table in (Entry, Chain, Part):
        table.objects.filter(channel=world.theirs).exclude(**_first(table)).delete()
    Reading.objects.filter(own=False).delete()
    lines = [LogLine(world.theirs.name, line.index, id, ("body",), now + timedelta(days=3))]
    erase_list.append(this.node().folder, lines)
    assert erasing.replay(now=now) == 1
    assert erasing.replay(now=now) == 0
    world.apply(end=2)  # the old page, parts and all
    assert parts_of(id, own=False) == []
    assert not Reading.objects.filter(own=False).exists()
    world.apply()
    assert [(row.index, row.record) for row in Erasure.objects.all()] == [(line.index, id)]


def _first(table: Any) -> dict[str, Any]:
    return {"index": 0} if table is Entry else {"pk": 0}


def test_threat_37_a_backup_from_before_the_erasure_forgets_again_what_it_knows(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    world.apply()
    record = given_offer(now)
    gone = given_offer(now)
    folder = this.node().folder
    deadline = now + timedelta(days=3)
    erase_list.append(folder, [LogLine(world.theirs.name, 7, id, ("body",), deadline)])
    erase_list.append(folder, [OwnLine(record.id, "person", 1), OwnLine(gone.id, "all", 1)])
    assert erasing.replay(now=now) == 3
    assert parts_of(id, own=False) == []
    assert not Reading.objects.filter(own=False).exists()
    assert record.revisions.get().person is None
    assert not Record.objects.filter(pk=gone.id).exists()
    assert erasing.replay(now=now) == 0


def test_a_line_of_the_erase_list_that_a_crash_cut_short_spoils_no_other(tmp_path: Path) -> None:
    one, two = OwnLine(uuid4(), "all", 1), OwnLine(uuid4(), "person", 2)
    erase_list.append(tmp_path, [one])
    with (tmp_path / erase_list.NAME).open("a") as file:
        file.write('{"record": "6f0e')
    erase_list.append(tmp_path, [two])
    assert list(erase_list.read(tmp_path)) == [one, two]


def test_the_erase_list_is_written_with_the_commit_and_completed_at_the_start(
    now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    world, id = World(now, **BOTH), uuid4()
    record = given_offer(now)
    world.origin.put(id, body=body())
    with django_capture_on_commit_callbacks(execute=True):
        erase(record, "person", now)
    folder: Path = this.node().folder
    (row,) = Erasure.objects.all()
    assert set(erase_list.read(folder)) == {
        OwnLine(record.id, "person", 1),
        LogLine(world.ours.name, row.index, record.id, ("person",), row.deadline),
    }
    assert "erika" not in (folder / erase_list.NAME).read_text()
    world.origin.erase(id, ["body"])
    world.apply()  # the crash: committed, and not on the list
    erasing.replay(now=now)
    assert len(list(erase_list.read(folder))) == 3
    with (folder / erase_list.NAME).open("a") as file:
        file.write('{"record": "broken o')
    assert len(list(erase_list.read(folder))) == 3


@contextmanager
def undone() -> Iterator[None]:
    """Each example in a transaction that is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "withdraw", "erase body", "erase person", "erase both"]), st.integers(0, 1)
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cuts=st.sets(st.integers(2, 8)), honest=st.booleans())
def test_erased_is_erased_for_ever_whatever_comes_in_whatever_pages(
    now: datetime, steps: list[tuple[str, int]], cuts: set[int], honest: bool
) -> None:
    """Sticky: no part of a put stays that a later entry had erased, even if the origin serves all of them."""
    with undone():
        world, ids = World(now, **BOTH), [uuid4(), uuid4()]
        allowed: dict[UUID, set[str]] = {}
        for step, which in steps:
            _take(world.origin, step, ids[which], allowed)
        for end in sorted({*(cut for cut in cuts if cut < len(world.origin.lines)), len(world.origin.lines)}):
            if honest:
                _destroy(world.origin, allowed)
            world.apply(end=end)
        for id in ids:
            assert set(parts_of(id, own=False)) == allowed.get(id, set())
        shown = set(Reading.objects.filter(own=False).values_list("record", flat=True))
        assert shown == {id for id, parts in allowed.items() if "body" in parts}


def _take(origin: Origin, step: str, id: UUID, allowed: dict[UUID, set[str]]) -> None:
    """One step at the origin, and what of the record may be kept after it."""
    if step == "put":
        put_both(origin, id)
        allowed[id] = {"body", "person"}
    elif id not in origin.heads:
        return
    elif step == "withdraw":
        origin.withdraw(id)
        allowed[id] = set()
    else:
        names = {"erase body": ["body"], "erase person": ["person"]}.get(step, ["body", "person"])
        origin.erase(id, names)
        allowed[id] -= set(names)


def _destroy(origin: Origin, allowed: dict[UUID, set[str]]) -> None:
    """What an honest origin has left: the parts that may be kept, of the newest put of each record."""
    newest = {line.header.get("id"): line.index for line in origin.lines if line.header["op"] == "put"}
    for line in origin.lines:
        kept = (
            allowed.get(UUID(line.header["id"][9:]), set())
            if newest.get(line.header.get("id")) == line.index
            else set()
        )
        parts = {name: part for name, part in line.parts.items() if name in kept}
        origin.lines[line.index] = replace(line, parts=parts)


def put_both(origin: Origin, id: UUID) -> Line:
    """A put with a body and a personal part."""
    data = {"body": body(), "person": PERSON}
    parts = {name: Payload(new_salt(), canonical.encode(value)) for name, value in data.items()}
    named = {name: commitment(parts[name].salt, value) for name, value in data.items()}
    line = origin.put(id, parts=named)
    origin.lines[-1] = replace(line, parts=parts)
    return origin.lines[-1]


def test_threat_36_what_was_erased_cannot_be_guessed_from_the_log() -> None:
    """C12 in its short form; the long one is `python -m tests.exchange.dictionary`."""
    assert dictionary.attack(10_000) == (0, 1)  # nobody, but whoever had the salt
