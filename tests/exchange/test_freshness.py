"""A frozen log: an origin dates its checkpoints, and a reader who gets no new date says so."""

from datetime import datetime, timedelta

import pytest

from kakehashi.audit.models import Entry
from kakehashi.exchange import checkpoint, overview, queries
from kakehashi.exchange.actions import feeding
from kakehashi.exchange.page import Limits, build_line, build_trailer, parse, split_lines
from tests import cast
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db


def page_dated(world: World, at: datetime) -> bytes:
    """The partner's page from where this node stands, its checkpoint cosigned by the partner at `at`."""
    start = world.theirs.size
    page = world.origin.page(start)
    noted = checkpoint.parse(page.note)
    key, node = world.origin.keys.log, world.origin.place.origin
    dated = checkpoint.cosign(noted, node, key, int(at.timestamp()))
    rows = [build_line(line.index, line.data, line.parts) for line in page.lines]
    return b"".join(rows) + build_trailer(page.next, dated.note)


def silent(now: datetime) -> bool:
    (found,) = overview.exchanges(cast.MANAGER, now)
    assert found.reading is not None
    return found.reading.silent


def test_threat_21_a_partner_that_dates_nothing_for_a_day_is_told_of_once(now: datetime) -> None:
    """A replayed page has valid signatures and the right root, yet an old date."""
    world = World(now)
    world.origin.put(body=body())
    world.apply(page_dated(world, now))
    old = page_dated(world, now)
    later = now + timedelta(hours=24)
    world.apply(old, now=later)
    assert world.theirs.feed.checked_at == later  # answers come, and they are right
    assert not silent(later)
    assert feeding.tell_silent(now=later) == 0
    after = later + timedelta(seconds=1)
    world.apply(old, now=after)
    assert silent(after)
    assert feeding.tell_silent(now=after) == 1
    assert feeding.tell_silent(now=after + timedelta(hours=1)) == 0
    assert Entry.objects.get(action="exchange.alarm").facts == {"code": "checkpoint-old"}
    world.apply(page_dated(world, after), now=after)
    assert not silent(after)
    assert feeding.tell_silent(now=after + timedelta(hours=25)) == 1  # again, should it fall silent again


def test_threat_21_a_date_in_the_future_or_by_another_key_buys_nothing(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply(page_dated(world, now + timedelta(days=30)))
    assert world.theirs.feed.signed_at == now
    noted = checkpoint.parse(world.origin.note())
    forged = checkpoint.cosign(noted, world.origin.place.origin, world.origin.keys.http, int(now.timestamp()))
    world.apply(build_trailer(world.theirs.size, forged.note), now=now + timedelta(hours=25))
    assert silent(now + timedelta(hours=25))


def test_this_node_dates_its_checkpoints_to_the_hour(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    at = now + timedelta(days=3, minutes=17)
    standing = world.origin.standing()
    facts = {"start": 0, "limit": 512, "with_parts": True}
    data = queries.page(world.ours, standing, world.origin.place.origin, now=at, **facts)  # type: ignore[arg-type]
    reached = checkpoint.parse(parse(split_lines([data], Limits()), 0, Limits()).note)
    keys = [world.origin.here.log.public]
    checkpoint.verify_signature(reached, keys)
    seconds = checkpoint.verify_cosignature(reached, world.ours.origin, keys)
    assert seconds == at.replace(minute=0).timestamp()
    assert [name for name, _ in reached.signatures] == [world.ours.name, world.ours.origin]
