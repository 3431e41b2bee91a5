"""Threats 24 and F8: a reader put back from a backup reads again; the origin still trusts its receipts."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from kakehashi.exchange import pulling
from kakehashi.exchange.actions import erasing
from kakehashi.exchange.erase_list import LogLine
from kakehashi.exchange.models import Feed, Part
from kakehashi.records.models import Reading
from tests.exchange.calls import call, code, read
from tests.exchange.world import World, body
from tests.recovery.giver import Giver
from tests.recovery.sound import sound

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def pull(giver: Giver, now: datetime) -> Feed:
    with giver.serving() as client:
        pulling.pull(client, giver.world.origin.channel, lambda: now, wait=0)
    return Feed.objects.get(pk=giver.world.origin.channel)


def shown() -> list[tuple[str, int]]:
    return sorted((str(row.record), row.revision) for row in Reading.objects.filter(own=False))


def test_f8_a_reader_put_back_reads_again_and_nothing_is_doubled_or_lost(now: datetime) -> None:
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    pull(giver, now)
    point = transaction.savepoint()
    for number in range(5):
        world.origin.put(body=body(title=f"新着 {number}"))
    pull(giver, now)
    before = shown()
    transaction.savepoint_rollback(point)
    assert len(shown()) == 1
    feed = pull(giver, now)
    assert (feed.code, shown()) == ("", before)
    sound(world.theirs)


def test_threat_24_a_reader_put_back_is_not_stopped_by_receipts_that_it_once_gave(now: datetime) -> None:
    """The origin refuses a receipt for less than before; the reader sees that it was its own, and goes on."""
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    pull(giver, now)
    point = transaction.savepoint()
    for number in range(4):
        world.origin.put(body=body(title=f"新着 {number}"))
    pull(giver, now + 2 * SECOND)
    assert giver.acknowledged == 6
    transaction.savepoint_rollback(point)
    giver.ends_at = 4  # pages may end before the newest size
    feed = pull(giver, now + 4 * SECOND)
    assert (feed.code, world.theirs.state, world.theirs.size) == ("", "open", 4)
    assert feed.receipt_size == 6
    giver.ends_at = None
    assert pull(giver, now + 6 * SECOND).code == ""
    assert world.theirs.size == 6


def test_threat_24_a_partner_that_refuses_receipts_and_shows_none_stops_the_channel(
    now: datetime,
) -> None:
    world = World(now)
    giver = Giver(world)
    giver.refuses = True
    world.origin.put(body=body())
    assert pull(giver, now).code == "receipt-rollback"
    assert world.theirs.state == "stopped"


def test_f8_what_was_erased_stays_erased_when_it_is_read_again(now: datetime) -> None:
    world = World(now)
    giver = Giver(world)
    record = world.origin.put(body=body()).header["id"].removeprefix("urn:uuid:")
    point = transaction.savepoint()
    pull(giver, now)
    assert Part.objects.filter(channel=world.theirs).exists()
    transaction.savepoint_rollback(point)
    erasing.note_erasure(world.theirs, LogLine(world.origin.channel, 9, record, ("body",), now))
    pull(giver, now)
    assert world.theirs.size == 2
    assert not Part.objects.filter(channel=world.theirs).exists()
    assert shown() == []


def test_the_origin_gets_back_what_is_kept_of_its_log_and_nobody_else_does(now: datetime) -> None:
    world = World(now)
    giver, origin = Giver(world), world.origin
    first = origin.put(body=body())
    origin.put(id=None, body=body(title="もう一つ"))
    pull(giver, now)
    path = f"/mirror/{origin.channel}/entries?from=1&limit=256"
    answer = call("GET", path, keys=origin.keys, now=now)
    page = read(answer, 1, mirror=True)
    assert [line.data for line in page.lines] == [line.data for line in origin.lines[1:]]
    assert page.lines[0].parts == first.parts
    assert page.note == origin.note()
    stranger = type(origin.keys)("kyoto.example")
    refused = call("GET", path, keys=stranger, now=now)
    assert (refused.status_code, code(refused)) == (401, "key-unknown")
    ours = call("GET", f"/mirror/{world.ours.name}/entries?from=0&limit=256", keys=origin.keys, now=now)
    assert (ours.status_code, code(ours)) == (404, "not-found")
    keysets = call("GET", f"/mirror/{origin.channel}/keysets", keys=origin.keys, now=now)
    assert keysets.content == origin.keyset.data + b"\n"


def test_an_origin_that_asks_gets_a_receipt_for_all_that_is_applied_now(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply()
    answer = call("GET", f"/channels/{world.origin.channel}/receipts/latest", keys=world.origin.keys, now=now)
    assert f"\\n{world.theirs.size}\\n" in answer.content.decode()
    assert Feed.objects.get().receipt_size == 2
