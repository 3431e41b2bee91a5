"""Own logs: what enters, what is withdrawn, in the transaction of the change."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import queries as agreement_queries
from kakehashi.errors import Conflict, LogError
from kakehashi.exchange import checkpoint, header, queries
from kakehashi.exchange.actions import channels, keysets
from kakehashi.exchange.actions.writing import writing
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.models import Channel, Entry, Head, Part
from kakehashi.exchange.page import Limits, Page, parse, split_lines
from kakehashi.exchange.verify import Position, Trust, header_hash, judge
from kakehashi.records import actions as records
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Passage, Record
from tests import cast
from tests.exchange.origin import HERE, THERE
from tests.exchange.world import World

pytestmark = pytest.mark.django_db


def ops(world: World) -> list[str]:
    return list(Entry.objects.filter(channel=world.ours).order_by("index").values_list("op", flat=True))


def headers(world: World) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(channel=world.ours).order_by("index")
    return [orjson.loads(bytes(row.header)) for row in rows]


def served(world: World, now: datetime, **options: Any) -> Page:
    """The page that the partner gets, read as the partner reads it."""
    channel, standing = queries.for_reader(world.ours.name, THERE, now)
    facts: dict[str, Any] = {"start": 0, "limit": 512, "with_parts": True, "now": now, **options}
    data = queries.page(channel, standing, THERE, **facts)
    return parse(split_lines([data], Limits()), facts["start"], Limits())


def move(record: Record, to: State, now: datetime) -> None:
    records.move(viewer=cast.EDITOR, record_id=record.id, to=to, now=now)


def test_a_channel_opens_with_the_key_set_in_force(now: datetime) -> None:
    world = World(now)
    (opening,) = headers(world)
    assert (opening["op"], opening["agreement"], opening["channel"]) == (
        "keyset",
        world.origin.hash,
        world.ours.name,
    )


def test_what_is_published_for_agreements_enters_the_log_in_the_same_transaction(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, audience="agreements")
    assert ops(world) == ["keyset", "put", "put"]
    header = headers(world)[-1]
    assert header["id"] == f"urn:uuid:{record.id}"
    assert (header["rev"], header["prev"], header["kind"], header["schema"]) == (1, None, "offer", "offer/1")
    assert (header["tlp"], header["regions"], header["clause"]) == ("GREEN", ["DE-BY"], "c1")
    passage = Passage.objects.get(reading__record=record.id)
    assert (passage.received, passage.index, passage.clause) == (False, 2, "c1")


def test_what_is_published_before_a_channel_has_begun_comes_after_its_key_set(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:  # a worker that dies, or is slow, between the two steps
        killed.setattr(channels, "_keep_up", lambda *_: 0)
        world = World(now)
    record = cast.offer(now, audience="agreements")
    assert ops(world) == []
    channels.open_due_channels(now=now)
    assert ops(world) == ["keyset", "put", "put"]
    assert headers(world)[-1]["id"] == f"urn:uuid:{record.id}"


def test_a_change_that_is_undone_leaves_no_entry(now: datetime) -> None:
    world = World(now)
    with transaction.atomic():
        cast.offer(now)
        transaction.set_rollback(True)
    assert ops(world) == ["keyset"]
    assert world.ours.size == 1


@pytest.mark.parametrize("audience", ["private", "members"])
def test_what_is_not_meant_for_agreements_stays(now: datetime, audience: str) -> None:
    world = World(now)
    cast.offer(now, cast.organisation(now, audience=audience), audience=audience)
    assert ops(world) == ["keyset"]


def test_a_named_agreement_is_reached_and_another_name_is_not(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="private"), audience="private")
    for name, count in (("sha256-" + "A" * 43, 1), (world.origin.hash, 2)):
        records.set_level(viewer=cast.EDITOR, record_id=record.id, audience="named", named=[name], now=now)
        assert len(ops(world)) == count


def test_drafts_and_red_records_never_leave(now: datetime) -> None:
    world = World(now)
    owner = cast.organisation(now, audience="private")
    draft = records.create(viewer=cast.EDITOR, body=cast.offer_body(owner), now=now)
    records.set_level(viewer=cast.EDITOR, record_id=draft.id, audience="agreements", now=now)
    assert ops(world) == ["keyset"]


def test_a_record_whose_owner_is_on_no_side_of_ours_does_not_cross(now: datetime) -> None:
    world = World(now)
    owner = cast.organisation(now, region="JP-27", audience="agreements")
    cast.offer(now, owner, audience="agreements")
    assert ops(world) == ["keyset"]


def test_a_change_of_wording_is_a_new_revision_chained_to_the_last(now: datetime) -> None:
    world = World(now)
    owner = cast.organisation(now, audience="private")
    record = cast.offer(now, owner, audience="agreements")
    records.revise(
        viewer=cast.EDITOR, record_id=record.id, body=cast.offer_body(owner, stage="concept"), now=now
    )
    first, second = headers(world)[1:]
    assert (second["rev"], second["id"]) == (2, first["id"])
    rows = list(Entry.objects.filter(channel=world.ours, op="put").order_by("index"))
    assert second["prev"] == header_hash(bytes(rows[0].header))
    assert list(Part.objects.filter(channel=world.ours).values_list("index", flat=True)) == [2]


def test_a_change_that_changes_nothing_over_there_writes_nothing(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    records.set_level(viewer=cast.EDITOR, record_id=record.id, audience="agreements", now=now)
    channels.open_due_channels(now=now)
    assert ops(world) == ["keyset", "put"]


@pytest.mark.parametrize("to", [State.WITHDRAWN, State.ON_HOLD])
def test_what_is_taken_back_is_withdrawn_and_its_parts_are_destroyed(now: datetime, to: State) -> None:
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    move(record, to, now)
    assert ops(world) == ["keyset", "put", "withdraw"]
    assert headers(world)[-1]["reason"] == to
    assert not Part.objects.filter(channel=world.ours).exists()
    assert Passage.objects.get(reading__record=record.id).closed_at == now


def test_a_narrower_audience_withdraws_and_a_wider_one_brings_back(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    for audience in ("members", "agreements"):
        records.set_level(viewer=cast.EDITOR, record_id=record.id, audience=audience, now=now)
    assert ops(world) == ["keyset", "put", "withdraw", "put"]
    assert [header.get("rev") for header in headers(world)] == [None, 1, 2, 3]


def test_expiry_needs_no_entry_and_a_renewed_record_gets_one(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    later = record.expires_at + timedelta(days=1)
    records.expire_due(now=later)
    assert ops(world) == ["keyset", "put"]
    assert dict(served(world, later).lines[1].parts) == {}
    move(record, State.PUBLISHED, later)
    assert ops(world) == ["keyset", "put", "put"]
    assert served(world, later).lines[2].parts.keys() == {"body"}


def test_an_agreement_that_comes_into_force_brings_all_that_was_there_organisations_first(
    now: datetime,
) -> None:
    for name in ("Eins GmbH", "Zwei GmbH"):
        cast.offer(now, cast.organisation(now, name=name), audience="agreements")
    world = World(now)
    kinds = [header.get("kind") for header in headers(world)]
    assert kinds == [None, "organisation", "organisation", "offer", "offer"]
    assert channels.open_due_channels(now=now) == 0


def test_the_partner_accepts_every_page_that_we_serve(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, audience="agreements")
    move(record, State.WITHDRAWN, now)
    latest = keysets.latest(HERE)
    assert latest is not None
    trust = Trust(
        me=THERE,
        latest=latest,
        keysets={latest.hash: latest},
        standing=world.origin.standing(),
        versions={world.origin.hash},
        now=now,
    )
    judged = judge(served(world, now), Position(world.ours.name, Frontier()), {}, trust)
    assert [verdict.code for verdict in judged.verdicts] == ["", "", "", ""]
    assert [verdict.missing for verdict in judged.verdicts] == [False, False, True, False]
    assert judged.position.frontier.size == 4


def test_only_roots_that_are_stored_are_signed_and_every_block_of_256_has_one(now: datetime) -> None:
    world = World(now)
    with writing(world.ours.name, now=now) as writer:
        for _ in range(600):
            writer.add(header.agreement(writer.place, now=now))
    assert list(Head.objects.filter(channel=world.ours).order_by("size").values_list("size", flat=True)) == [
        1,
        256,
        512,
        601,
    ]
    leaves = [bytes(entry.leaf) for entry in Entry.objects.filter(channel=world.ours).order_by("index")]
    for size in (1, 256, 512, 601):
        note = queries.signed_head(world.ours, size)
        checkpoint.verify_signature(note, [world.origin.here.log.public])
        assert note.root == Frontier().extend(leaves[:size]).root()
    with pytest.raises(Exception, match="no checkpoint"):
        queries.signed_head(world.ours, 300)
    page = served(world, now, start=1, limit=256)
    assert (page.next, len(page.lines)) == (256, 255)
    assert served(world, now, start=512, limit=256).next == 601


def test_leaves_are_the_hashes_of_what_is_served(now: datetime) -> None:
    world = World(now)
    cast.offer(now)
    page = served(world, now)
    stored = [bytes(e.leaf) for e in Entry.objects.filter(channel=world.ours).order_by("index")]
    assert [leaf_hash(line.data) for line in page.lines] == stored


def test_threat_17_serving_decides_again_so_that_a_page_only_shrinks(now: datetime) -> None:
    world = World(now)
    cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    assert served(world, now).lines[1].parts.keys() == {"body"}
    after = world.origin.standing()["ends"] + timedelta(seconds=1)
    assert dict(served(world, after).lines[1].parts) == {}


def test_strangers_and_suspended_partners_get_nothing(now: datetime) -> None:
    world = World(now)
    with pytest.raises(Exception, match="not-found"):
        queries.for_reader(world.ours.name, "kyoto.example", now)
    with pytest.raises(Exception, match="not-found"):
        queries.for_reader(world.theirs.name, THERE, now)
    agreements.suspend_partner(viewer=WORKER, node=THERE, suspended=True, now=now)
    with pytest.raises(Exception, match="channel-suspended"):
        queries.for_reader(world.ours.name, THERE, now)


def test_when_the_agreement_is_over_the_channel_ends_and_takes_no_more(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    after = world.origin.standing()["ends"] + timedelta(minutes=1)
    agreements.advance_due(now=after)
    assert channels.close_due_channels(now=after) == 1
    assert ops(world) == ["keyset", "put", "end"]
    assert world.ours.state == "ended"
    with pytest.raises(Conflict), writing(world.ours.name, now=after):
        pass
    move(record, State.WITHDRAWN, after)
    assert ops(world) == ["keyset", "put", "end"]
    assert channels.close_due_channels(now=after) == 0


def test_a_termination_shortens_what_may_be_seen_at_once(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    ends = (now + timedelta(days=60)).replace(hour=0, minute=0)
    row = agreement_queries.get(WORKER, world.origin.hash)
    agreements.end_with_node_root(
        viewer=WORKER, agreement=row, node=this.node(), effective=ends, reason="notice", now=now
    )
    channels.close_due_channels(now=now)
    assert set(Passage.objects.values_list("open_until", flat=True)) == {ends}


def test_a_narrower_version_withdraws_in_the_transaction_of_the_switch(now: datetime) -> None:
    """Section 4: the entry `agreement`, and `withdraw` for all that is no longer covered."""
    world = World(now)
    cast.offer(now, cast.organisation(now, audience="private"), audience="agreements")
    cast.offer(now, cast.organisation(now, audience="private"), audience="agreements", topics=["vaccines"])
    second = {**world.origin.document, "version": 2, "prev": world.origin.hash}
    second["grants"] = [{**grant, "topics": ["vaccines"]} for grant in second["grants"]]
    world.take_draft(second)
    channels.open_due_channels(now=now)
    assert ops(world) == ["keyset", "put", "put", "agreement", "withdraw"]
    assert headers(world)[3]["agreement"] != headers(world)[2]["agreement"]
    assert headers(world)[4]["reason"] == "no-longer-covered"
    assert Channel.objects.filter(own=True).count() == 1


def test_a_damaged_frontier_stops_writing(now: datetime) -> None:
    world = World(now)
    Channel.objects.filter(own=True).update(frontier=b"damaged")
    with pytest.raises(LogError), writing(world.ours.name, now=now):
        pass


def test_an_interest_crosses_where_the_agreement_says_so_and_nowhere_else(now: datetime) -> None:
    world = World(now, kinds=("organisation", "interest"))
    owner = cast.organisation(now)
    interest = cast.interest(now, owner)
    cast.offer(now, owner, audience="agreements")
    put = headers(world)[-1]
    assert [header.get("kind") for header in headers(world)] == [None, "organisation", "interest"]
    assert (put["id"], put["schema"], put["topics"]) == (f"urn:uuid:{interest.id}", "interest/1", [])


def test_without_a_grant_for_it_an_interest_stays(now: datetime) -> None:
    world = World(now)
    cast.interest(now, cast.organisation(now))
    assert [header.get("kind") for header in headers(world)] == [None, "organisation"]
