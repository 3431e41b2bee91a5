"""The end of an agreement and of a term: copies are deleted, the partner is told, the evidence stays."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import ports
from kakehashi.agreements import queries as agreement_queries
from kakehashi.exchange import checkpoint, header, overview, purge, queries
from kakehashi.exchange.actions import channels, ending
from kakehashi.exchange.models import Entry, Part, Purge
from kakehashi.exchange.overview import Copies
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.signing import canonical
from tests import cast
from tests.exchange.calls import call, code
from tests.exchange.origin import HERE, THERE
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db
AFTER = timedelta(days=701)  # the agreements of these tests run for 700 days


@pytest.fixture
def present() -> datetime:
    """The routes read the clock themselves."""
    return clock.now().replace(microsecond=0)


def over(now: datetime) -> tuple[World, datetime]:
    """An agreement at its end: one record kept as TLP:CLEAR, one deleted, one own given."""
    world = World(now)
    world.origin.put(body=body(title="公開"), tlp="CLEAR")
    world.origin.put(body=body(title="限定"))
    world.origin.log(header.end(world.origin.place, reason="agreement-ended", now=now))
    world.apply()
    cast.offer(now, audience="agreements")
    end = now + AFTER
    agreements.advance_due(now=end)
    channels.close_due_channels(now=end)
    return world, end


def stated(world: World, at: datetime) -> Purge:
    """This node deletes, its files are clean, and it says so."""
    assert ending.purge_due(now=at) == 1
    (row,) = ending.unstated()
    ending.state(row=row, now=at)
    return row


def test_threat_40_after_the_end_nothing_is_read_and_all_copies_but_clear_ones_are_deleted(
    now: datetime,
) -> None:
    world, end = over(now)
    assert Part.objects.filter(channel=world.theirs).count() == 2
    assert not records.published(cast.EDITOR, end).filter(own=False).exists()  # before any job ran
    row = stated(world, end)
    assert [
        bytes(part.data).decode().count("公開") for part in Part.objects.filter(channel=world.theirs)
    ] == [1]
    assert Reading.objects.filter(own=False).count() == 1
    assert not records.published(cast.EDITOR, end).filter(own=False).exists()
    said = orjson.loads(bytes(row.data))
    assert (said["deleted"], said["kept"], said["by"]) == ({"offer": 1}, {"offer": 1}, HERE)
    assert Entry.objects.filter(channel=world.theirs).count() == 4  # the log stays
    assert ending.purge_due(now=end) == 0


def test_nothing_is_deleted_while_the_agreement_runs_nor_before_its_last_entry_was_read(
    now: datetime,
) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply()
    assert ending.purge_due(now=now) == 0
    end = now + timedelta(days=700)
    agreements.advance_due(now=end)
    assert ending.purge_due(now=end) == 0  # the partner may be away
    assert ending.purge_due(now=end + timedelta(days=29)) == 1  # yet not beyond the day agreed
    assert not Part.objects.filter(channel=world.theirs).exists()


def test_own_parts_are_destroyed_when_the_channel_closes(now: datetime) -> None:
    world, _ = over(now)
    assert world.ours.state == "ended"
    assert not Part.objects.filter(channel=world.ours).exists()


def theirs(world: World, at: datetime, **changes: Any) -> bytes:
    """The partner's statement about this node's channel."""
    note = checkpoint.parse(queries.signed_head(world.ours, world.ours.size).note)
    facts: dict[str, Any] = {
        "agreement": world.origin.hash,
        "by": THERE,
        "deleted": {"offer": 1, "organisation": 1},
        "kept": {},
        "signer": world.origin.keys.signer(),
        "now": at,
        **changes,
    }
    seconds = int(at.timestamp())
    return purge.build(checkpoint.cosign(note, THERE, world.origin.keys.log, seconds), **facts)


def test_the_partners_statement_is_checked_kept_once_and_shown(present: datetime) -> None:
    world, end = over(present)
    path, with_keys = f"/channels/{world.ours.name}/purge", {"keys": world.origin.keys, "now": present}
    data = theirs(world, end)
    wrong = [
        theirs(world, end, by=HERE),
        theirs(world, end, deleted={"gossip": 1}),
        theirs(world, end, deleted={"offer": -1}),
        data.replace(b'"offer":1', b'"offer":2'),
        data[:-1],
    ]
    for each in wrong:
        assert code(call("POST", path, body=each, **with_keys)) in ("bad-request", "not-canonical")
    assert not Purge.objects.exists()
    for _ in range(2):
        assert call("POST", path, body=data, **with_keys).status_code == 200
    assert bytes(Purge.objects.get(peer=THERE).data) == data
    (found,) = overview.exchanges(cast.MANAGER, end)
    due = agreement_queries.current(WORKER, world.origin.hash)["ends"] + timedelta(days=30)
    assert found.copies_there == Copies(due, False, end, True, 2, 0)
    assert found.copies_here == Copies(due, False)


def test_a_partner_that_states_nothing_in_time_is_told_of_on_the_page(now: datetime) -> None:
    world, end = over(now)
    (found,) = overview.exchanges(cast.MANAGER, end + timedelta(days=30))
    assert found.copies_there is not None
    assert found.copies_there.late
    page = Client().get(f"/en/exchange/{world.origin.hash}/").content.decode()
    assert "Copies there" in page
    assert "to be deleted by" in page  # by the clock of the page


def test_a_statement_while_the_agreement_runs_is_refused(present: datetime) -> None:
    world = World(present)
    path = f"/channels/{world.ours.name}/purge"
    answer = call("POST", path, keys=world.origin.keys, now=present, body=theirs(world, present))
    assert code(answer) == "bad-request"


def test_a_statement_of_ours_is_one_that_the_partner_accepts(now: datetime) -> None:
    world, end = over(now)
    row = stated(world, end)
    facts = {"channel": world.theirs.name, "peer": HERE, "own_log_keys": [world.origin.keys.log.public]}
    from_us = purge.parse(bytes(row.data), peer_keys=world.origin.here.keyset(now), **facts)  # type: ignore[arg-type]
    assert (from_us.size, from_us.deleted) == (4, {"offer": 1})
    assert ending.unsent() == [row]
    ending.sent(row=row, now=end)
    assert ending.unsent() == []


def test_what_crossed_is_counted_from_the_logs_once_the_copies_are_gone(now: datetime) -> None:
    world, end = over(now)
    before = records.crossed(cast.EDITOR, world.origin.hash, now)
    stated(world, end)
    assert records.crossed(cast.EDITOR, world.origin.hash, end) == []
    kept = ports.evidence(cast.EDITOR, world.origin.hash)

    def counts(rows: list[dict[str, object]]) -> dict[tuple[object, ...], int]:
        found: dict[tuple[object, ...], int] = {}
        for row in rows:
            key = (row["clause"], row["received"], row["side"], row["kind"])
            found[key] = found.get(key, 0) + int(str(row["count"]))
        return found

    assert counts(kept) == counts(before)
    assert sum(counts(kept).values()) == 4  # two received; an organisation and an offer given
    assert sum(counts(ports.evidence(cast.NOBODY, world.origin.hash)).values()) == 2  # what was public


def test_parts_of_what_has_expired_are_deleted_on_both_sides(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body(), expires=now + timedelta(days=2))
    world.origin.put(body=body(title="無期限"))
    world.apply()
    offer = cast.offer(now, audience="agreements")
    assert offer.expires_at is not None
    assert ending.expire_parts(now=now + timedelta(days=1)) == 0
    assert ending.expire_parts(now=now + timedelta(days=2)) == 1
    assert not Part.objects.filter(record=id).exists()
    assert ending.expire_parts(now=offer.expires_at) == 1
    assert not Part.objects.filter(record=offer.id).exists()
    assert Part.objects.count() == 2  # the organisation's here, and the one that does not expire


def test_a_statement_is_canonical_and_small(now: datetime) -> None:
    world, end = over(now)
    data = theirs(world, end)
    assert canonical.encode(canonical.decode(data, limit=purge.MAX_BYTES)) == data
    assert len(data) < 2048
