"""Keys in the tables: rotated at an index, revoked with what they signed, new roots behind a person."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import own as agreements_own
from kakehashi.agreements import queries as agreement_queries
from kakehashi.agreements import signatures
from kakehashi.agreements.models import Partner
from kakehashi.errors import Conflict, InvalidInput, LogError, NotAllowed, NotFound
from kakehashi.exchange import checkpoint, header, keyset, pulling, queries, receipt, rotation
from kakehashi.exchange.actions import channels, feeding, keysets, rotating
from kakehashi.exchange.header import Signer
from kakehashi.exchange.keys import queries as key_queries
from kakehashi.exchange.keyset import COMPROMISED, USES, KeySet, key_id
from kakehashi.exchange.log import Frontier
from kakehashi.exchange.models import Channel, Entry, Evidence, KeySetVersion, Part, Quarantine, Receipt
from kakehashi.exchange.page import Limits, Page, parse, split_lines
from kakehashi.exchange.trusting import own_signer
from kakehashi.exchange.verify import Position, Trust, judge
from kakehashi.records import actions as records
from kakehashi.records import queries as record_queries
from kakehashi.records.lifecycle import State
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey, fingerprint
from tests import cast
from tests.exchange.origin import HERE, THERE, Keys, Origin
from tests.exchange.test_pulling import Answer, honest, partner, pull
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_folder(settings: Any, tmp_path: Path) -> None:
    """Keys that a test makes are its own."""
    settings.NODE = replace(settings.NODE, folder=tmp_path / "munich")


def publish(document: rotation.Document, now: datetime) -> KeySet:
    """Signed with the root key in the node's own folder."""
    return rotating.publish(data=keysets.sign_here(document, now=now), now=now)


def methods(channel: Channel) -> list[str]:
    """The key that signed each entry."""
    rows = Entry.objects.filter(channel=channel).order_by("index")
    proofs = (orjson.loads(bytes(row.header))["proof"] for row in rows)
    return [proof["verificationMethod"].partition("#")[2] for proof in proofs]


def ops(channel: Channel) -> list[str]:
    return list(Entry.objects.filter(channel=channel).order_by("index").values_list("op", flat=True))


def served(world: World, now: datetime) -> Page:
    channel, standing = queries.for_reader(world.ours.name, THERE, now)
    data = queries.page(channel, standing, THERE, start=0, limit=512, with_parts=True, now=now)
    return parse(split_lines([data], Limits()), 0, Limits())


def codes(world: World, now: datetime, *, upto: int = 0) -> list[str]:
    """The verdict on each entry of our channel by a partner that knows our key sets, `upto` a version."""
    rows = KeySetVersion.objects.filter(node=HERE).order_by("version")
    known = [keyset.stored(bytes(row.data)) for row in rows][: upto or None]
    trust = Trust(
        me=THERE,
        latest=known[-1],
        keysets={each.hash: each for each in known},
        standing=world.origin.standing(),
        versions={world.origin.hash},
        now=now,
    )
    judged = judge(served(world, now), Position(world.ours.name, Frontier()), {}, trust)
    return [verdict.code for verdict in judged.verdicts]


def acknowledged(world: World, size: int, at: datetime) -> None:
    Receipt.objects.create(channel=world.ours, peer=THERE, size=size, at=at, data=b"")


# this node rotates


def test_a_new_key_signs_from_the_entry_that_names_its_set_and_old_entries_stay_good(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    before = len(ops(world.ours))
    found = publish(rotating.rotate(USES, now=now), now)
    cast.offer(now, audience="agreements")
    assert found.version == 2
    assert ops(world.ours)[before] == "keyset"
    assert set(methods(world.ours)[:before]) == {"rec-1"}
    assert set(methods(world.ours)[before:]) == {"rec-2"}
    assert set(codes(world, now)) == {""}
    assert {use: own_signer(use).key_id.partition("#")[2] for use in USES} == {
        "record": "rec-2",
        "log": "log-2",
        "http": "http-2",
    }
    noted = checkpoint.parse(served(world, now).note)
    checkpoint.verify_signature(noted, [own_signer("log").key.public])
    assert {name.partition("#")[2] for name in found.keys} == {
        *("rec-1", "rec-2", "log-1", "log-2", "http-1", "http-2")
    }


def test_until_it_is_published_a_new_key_signs_nothing_and_is_made_once(now: datetime) -> None:
    world = World(now)
    first = rotating.rotate(["record"], now=now)
    assert rotating.rotate(["record"], now=now)["keys"] == first["keys"]
    cast.offer(now, audience="agreements")
    assert set(methods(world.ours)) == {"rec-1"}
    waiting = [key for key in key_queries.of_node(WORKER, HERE).keys if key.state == "waiting"]
    assert [key.name for key in waiting] == ["rec-2"]


def test_a_partner_that_does_not_know_the_new_set_stops_at_the_entry_that_names_it(now: datetime) -> None:
    world = World(now)
    publish(rotating.rotate(["record"], now=now), now)
    with pytest.raises(LogError) as caught:
        codes(world, now, upto=1)
    assert caught.value.code in pulling.KEYS_MAY_BE_OLD


def test_a_rotation_that_is_undone_leaves_neither_set_nor_entry(now: datetime) -> None:
    world = World(now)
    with transaction.atomic():
        publish(rotating.rotate(["record"], now=now), now)
        assert ops(world.ours) == ["keyset", "keyset"]
        transaction.set_rollback(True)
    latest = keysets.latest(HERE)
    assert latest is not None
    assert latest.version == 1
    assert ops(world.ours) == ["keyset"]
    cast.offer(now, audience="agreements")
    assert set(methods(world.ours)) == {"rec-1"}


def test_a_set_signed_by_another_root_is_not_published(now: datetime) -> None:
    world = World(now)
    document = rotating.rotate(["record"], now=now)
    thief = PrivateKey.generate()
    data = canonical.encode(rotation.with_proof(document, thief, [thief.public], now))
    with pytest.raises(LogError, match="not signed"):
        rotating.publish(data=data, now=now)
    assert ops(world.ours) == ["keyset"]


def test_publishing_twice_writes_once_and_a_version_cannot_be_skipped(now: datetime) -> None:
    world = World(now)
    data = keysets.sign_here(rotating.rotate(["record"], now=now), now=now)
    rotating.publish(data=data, now=now)
    rotating.publish(data=data, now=now)
    assert ops(world.ours) == ["keyset", "keyset"]
    latest = keysets.latest(HERE)
    assert latest is not None
    far = {**rotation.following(latest, base=latest.base, now=now), "version": 4}
    with pytest.raises(LogError, match="keyset-rollback"):
        publish(far, now)


def test_a_renewed_set_keeps_the_keys_and_is_named_in_each_channel(now: datetime) -> None:
    world = World(now)
    later = now + timedelta(days=300)
    found = publish(rotating.renew(now=later), later)
    assert found.not_after == later + timedelta(days=400)
    assert [name.partition("#")[2] for name in found.keys] == ["http-1", "log-1", "rec-1"]
    assert ops(world.ours) == ["keyset", "keyset"]


def test_http_keys_before_the_last_two_are_listed_as_superseded(now: datetime) -> None:
    World(now)
    for _ in range(3):
        found = publish(rotating.rotate(["http"], now=now), now)
    assert {name.partition("#")[2] for name in found.keys} == {"rec-1", "log-1", "http-3", "http-4"}
    assert {name.partition("#")[2] for name in found.revoked} == {"http-1", "http-2"}


def test_a_receipt_over_a_checkpoint_of_the_log_key_before_is_taken(now: datetime) -> None:
    world = World(now)
    note = served(world, now).note
    publish(rotating.rotate(["log"], now=now), now)
    reached = checkpoint.cosign(checkpoint.parse(note), THERE, world.origin.keys.log, int(now.timestamp()))
    data = receipt.build(reached, erased=[], rejected=[])
    assert feeding.take_receipt(channel=world.ours, peer=THERE, data=data, now=now).size == 1


# this node revokes


def test_threat_06_what_a_stolen_record_key_signed_after_the_last_receipt_is_said_again(
    now: datetime,
) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    acknowledged(world, len(ops(world.ours)), now)
    good = len(ops(world.ours))
    second = cast.offer(now, audience="agreements")
    third = cast.offer(now, audience="agreements")
    records.move(viewer=cast.EDITOR, record_id=third.id, to=State.WITHDRAWN, now=now)
    lost = len(ops(world.ours))
    found = publish(rotating.revoke("rec-1", reason=COMPROMISED, since=now, last_good={}, now=now), now)
    row = found.revoked[key_id(HERE, "rec-1")]
    assert row["last_good"] == [{"channel": world.ours.name, "i": good - 1}]
    assert set(methods(world.ours)[lost:]) == {"rec-2"}
    said = codes(world, now)
    assert said[:good] == [""] * good
    assert set(said[good:lost]) == {"key-revoked"}
    assert set(said[lost:]) == {""}
    newest = {entry.record: entry for entry in Entry.objects.filter(channel=world.ours).order_by("index")}
    assert (newest[second.id].op, newest[third.id].op) == ("put", "withdraw")
    assert min(newest[second.id].index, newest[third.id].index) > lost
    assert Part.objects.filter(channel=world.ours, record=second.id, index=newest[second.id].index).exists()


def test_an_erasure_by_a_revoked_key_is_said_again_before_the_record_is(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, audience="agreements")
    with channels.writing(world.ours.name, now=now) as writer:
        chain = channels.Chain.objects.get(channel=world.ours, record=record.id)
        writer.erase(chain, ["person"], basis="x", deadline=now + timedelta(days=1), digest=chain.digest)
    lost = len(ops(world.ours))
    publish(rotating.revoke("rec-1", reason=COMPROMISED, since=now, last_good={}, now=now), now)
    again = [entry.op for entry in Entry.objects.filter(channel=world.ours, record=record.id, index__gt=lost)]
    assert again == ["erase", "put"]
    assert set(codes(world, now)[lost:]) == {""}


def test_a_channel_that_could_not_be_written_then_says_it_again_when_it_is_open(now: datetime) -> None:
    world = World(now)
    record = cast.offer(now, audience="agreements")
    Channel.objects.filter(own=True).update(state="asking")
    publish(rotating.revoke("rec-1", reason=COMPROMISED, since=now, last_good={}, now=now), now)
    assert "rec-2" not in methods(world.ours)
    Channel.objects.filter(own=True).update(state="open")
    channels.open_due_channels(now=now)
    newest = Entry.objects.filter(channel=world.ours, record=record.id).order_by("-index")[0]
    assert (newest.op, methods(world.ours)[newest.index]) == ("put", "rec-2")
    size = len(ops(world.ours))
    channels.open_due_channels(now=now)
    assert len(ops(world.ours)) == size


def test_what_partners_had_cosigned_before_the_theft_stays_good(now: datetime) -> None:
    world = World(now)
    acknowledged(world, 1, now - timedelta(days=3))
    acknowledged(world, 7, now - timedelta(days=1))
    stolen = now - timedelta(days=2)
    document = rotating.revoke("rec-1", reason=COMPROMISED, since=stolen, last_good={}, now=now)
    assert document["revoked"][0]["last_good"] == [{"channel": world.ours.name, "i": 0}]
    chosen = {world.ours.name: 5}
    document = rotating.revoke("rec-1", reason=COMPROMISED, since=stolen, last_good=chosen, now=now)
    assert document["revoked"][0]["last_good"] == [{"channel": world.ours.name, "i": 5}]


def test_an_older_key_is_revoked_without_a_new_one_and_an_unknown_one_not_at_all(now: datetime) -> None:
    World(now)
    publish(rotating.rotate(["record"], now=now), now)
    document = rotating.revoke("rec-1", reason=keyset.SUPERSEDED, since=now, last_good={}, now=now)
    assert [row["id"].partition("#")[2] for row in document["keys"]] == ["http-1", "log-1", "rec-2"]
    with pytest.raises(NotFound, match="there are: "):
        rotating.revoke("rec-9", reason=COMPROMISED, since=now, last_good={}, now=now)


# a partner revokes


def visible(world: World, now: datetime) -> set[str]:
    rows = record_queries.published(WORKER, now).filter(kind="offer", origin=THERE)
    return {row.body["title"]["ja"]["text"] for row in rows}


def after_theft(world: World, good: int) -> tuple[KeySet, Signer]:
    """The partner's next key set: its record key is revoked after entry `good`, another one signs."""
    origin, new = world.origin, PrivateKey.generate()
    row = rotation.revoked(key_id(THERE, "rec-1"), world.now, COMPROMISED, {origin.channel: good})
    document = rotation.following(
        origin.keyset,
        base=origin.keyset.base,
        now=world.now,
        add={key_id(THERE, "rec-2"): ("record", new.public)},
        revoke=[row],
    )
    data = origin.keys.signed(document, world.now)
    found = keysets.remember(node=THERE, data=data, roots=[origin.keys.root.public], now=world.now)
    return found, Signer(new, key_id(THERE, "rec-2"))


def test_threat_06_entries_of_a_stolen_key_that_were_shown_are_hidden_kept_and_shown_to_operators(
    now: datetime,
) -> None:
    world = World(now)
    world.origin.put(body=body(title="本物"))
    forged = world.origin.put(body=body(title="偽物"))
    world.apply()
    assert visible(world, now) == {"本物", "偽物"}
    found, signer = after_theft(world, 1)
    assert visible(world, now) == {"本物"}
    assert list(Quarantine.objects.values_list("index", "code")) == [(forged.index, "key-revoked")]
    assert Entry.objects.filter(channel=world.theirs, index=forged.index, header=forged.data).exists()
    assert Part.objects.filter(channel=world.theirs, index=forged.index).exists()
    kept = Evidence.objects.get()
    assert (kept.code, bytes(kept.theirs)) == ("key-revoked", found.data)
    (alarm,) = key_queries.alarms(WORKER, now)
    assert (alarm.code, alarm.node, alarm.count) == ("suspect", THERE, 1)
    world.origin.log(header.keyset(world.origin.place, hash=found.hash, now=now), signer=signer)
    world.origin.put(header.record_id(forged.header), body=body(title="再発行"), signer=signer)
    world.apply()
    assert visible(world, now) == {"本物", "再発行"}


def test_threat_06_a_stolen_record_key_alone_adds_nothing_to_a_log(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply()
    thief = Origin(now, here=world.origin.here)
    world.origin.put(body=body(title="偽物"))
    note = world.origin.note(key=thief.keys.log)  # all but the log key
    forged = world.origin.feed(world.theirs.size).replace(
        orjson.dumps(world.origin.note())[1:-1], orjson.dumps(note)[1:-1]
    )
    with pytest.raises(LogError, match="checkpoint-sig"):
        world.apply(forged)


def test_threat_07_a_revoked_log_key_signs_no_checkpoint_any_more(now: datetime) -> None:
    world = World(now)
    new, origin = PrivateKey.generate(), world.origin
    document = rotation.following(
        origin.keyset,
        base=origin.keyset.base,
        now=now,
        add={key_id(THERE, "log-2"): ("log", new.public)},
        revoke=[rotation.revoked(key_id(THERE, "log-1"), now, COMPROMISED)],
    )
    data = origin.keys.signed(document, now)
    keysets.remember(node=THERE, data=data, roots=[origin.keys.root.public], now=now)
    origin.put(body=body())
    with pytest.raises(LogError, match="checkpoint-sig"):
        world.apply()
    origin.keys.log = new
    world.apply()
    assert world.theirs.size == 2


# new roots of a partner


def with_new_root(world: World, now: datetime) -> tuple[PrivateKey, KeySet]:
    """The partner's second key set: another root key, signed by the old one and by itself."""
    origin, new = world.origin, PrivateKey.generate()
    document = rotation.following(origin.keyset, base=origin.keyset.base, now=now, roots=[new.public])
    data = origin.keys.signed(document, now, origin.keys.root, new)
    return new, keyset.parse(data, node=THERE, roots=[origin.keys.root.public])


def test_threat_08_a_new_root_waits_for_a_person_and_then_counts(now: datetime) -> None:
    world = World(now)
    old = world.origin.keyset
    new, second = with_new_root(world, now)
    world.origin.keyset = second
    with partner(honest(world)) as client:
        assert pulling.refresh(client, THERE, now, force=True) is None
        assert pull(world, client).code == ""  # what the old keys signed is read on
        world.origin.log(header.keyset(world.origin.place, hash=second.hash, now=now))
        assert pull(world, client).code == "root-changed"
        assert world.theirs.state == "open"
        assert [each.code for each in key_queries.alarms(WORKER, now)] == ["root-changed"]
        with pytest.raises(NotAllowed):
            agreements.confirm_roots(viewer=cast.EDITOR, node=THERE, said=[fingerprint(new.public)], now=now)
        for wrong in ([], [fingerprint(old.roots[0])], [fingerprint(PrivateKey.generate().public)]):
            with pytest.raises(InvalidInput):
                agreements.confirm_roots(viewer=cast.MANAGER, node=THERE, said=wrong, now=now)
        assert KeySetVersion.objects.filter(node=THERE).count() == 1
        said = [fingerprint(new.public).upper()]
        agreements.confirm_roots(viewer=cast.MANAGER, node=THERE, said=said, now=now)
        assert pull(world, client).code == ""
    assert world.theirs.size == 2
    assert KeySetVersion.objects.filter(node=THERE).count() == 2
    assert key_queries.alarms(WORKER, now) == []
    with pytest.raises(Conflict):
        agreements.confirm_roots(viewer=cast.MANAGER, node=THERE, said=said, now=now)


def test_threat_08_a_root_that_the_old_one_did_not_sign_is_not_even_proposed(now: datetime) -> None:
    world = World(now)
    thief = PrivateKey.generate()
    document = rotation.following(
        world.origin.keyset, base=world.origin.keyset.base, now=now, roots=[thief.public]
    )
    data = world.origin.keys.signed(document, now, thief)
    with partner(lambda method, path: (200, {}, data)) as client:
        assert pulling.refresh(client, THERE, now, force=True) is None
    assert Partner.objects.get(pk=THERE).proposed_roots == []


def test_threat_10_fewer_signatures_than_before_cannot_lower_the_threshold(now: datetime) -> None:
    keys, second = Keys("kyoto.example"), PrivateKey.generate()
    roots = sorted([keys.root.public, second.public])
    data = keys.signed(keys.document(now, root=roots, threshold=2), now, keys.root, second)
    first = keysets.remember(node=keys.node, data=data, roots=roots, now=now)
    lower = rotation.following(first, base=first.base, now=now, threshold=1)
    with pytest.raises(LogError, match="not signed"):
        keysets.remember(node=keys.node, data=keys.signed(lower, now, second), roots=roots, now=now)
    both = keys.signed(lower, now, keys.root, second)
    assert keysets.remember(node=keys.node, data=both, roots=roots, now=now).threshold == 1


def test_a_root_that_a_person_confirmed_anew_counts_although_the_old_one_is_lost(now: datetime) -> None:
    """The partner sends its new card; its people read the fingerprint aloud."""
    world = World(now)
    new = PrivateKey.generate()
    document = rotation.following(
        world.origin.keyset, base=world.origin.keyset.base, now=now, roots=[new.public]
    )
    data = world.origin.keys.signed(document, now, new)
    with pytest.raises(LogError, match="not signed"):
        keysets.remember(node=THERE, data=data, roots=list(world.origin.keyset.roots), now=now)
    assert keysets.remember(node=THERE, data=data, roots=[new.public], now=now).version == 2


def test_versions_missed_on_both_sides_of_a_new_root_are_taken_one_by_one(now: datetime) -> None:
    world = World(now)
    origin, roots = world.origin, [world.origin.keys.root]
    versions = {1: origin.keyset}
    for version in (2, 3, 4, 5):
        signers = [roots[-1]]
        if version == 4:
            roots.append(PrivateKey.generate())
            signers.append(roots[-1])
        document = rotation.following(
            versions[version - 1], base=origin.keyset.base, now=now, roots=[roots[-1].public]
        )
        data = origin.keys.signed(document, now, *signers)
        versions[version] = keyset.parse(data, node=THERE, roots=versions[version - 1].roots)

    def answer(method: str, path: str) -> Answer:
        wanted = path.partition("version=")[2]
        return 200, {}, versions[int(wanted or 5)].data

    def known() -> list[int]:
        rows = KeySetVersion.objects.filter(node=THERE).order_by("version")
        return list(rows.values_list("version", flat=True))

    with partner(answer) as client:
        assert pulling.refresh(client, THERE, now, force=True) is None
        assert known() == [1, 2, 3]
        said = [fingerprint(roots[-1].public)]
        agreements.confirm_roots(viewer=cast.MANAGER, node=THERE, said=said, now=now)
        assert pulling.refresh(client, THERE, now, force=True) is not None
        assert known() == [1, 2, 3, 4, 5]
        KeySetVersion.objects.filter(node=THERE).delete()  # a node that meets the partner only now
        assert pulling.refresh(client, THERE, now, force=True) is not None
    assert known() == [1, 2, 3, 4, 5]


def test_threat_09_an_older_set_or_a_second_one_of_a_number_stops_reading_with_evidence(
    now: datetime,
) -> None:
    world = World(now)
    second = world.origin.keys.keyset(now, version=2, prev=world.origin.keyset.hash)
    keysets.remember(node=THERE, data=second.data, roots=list(second.roots), now=now)
    with partner(lambda method, path: (200, {}, world.origin.keyset.data)) as client:
        assert pulling.refresh(client, THERE, now, force=True) is None
    assert world.theirs.state == "stopped"
    assert world.theirs.feed.code == "keyset-rollback"
    assert bytes(Evidence.objects.get().theirs) == world.origin.keyset.data


def test_threat_09_a_key_set_that_cannot_be_fetched_stops_counting_after_seven_days(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    second = timedelta(seconds=1)
    week = timedelta(days=7)
    with pytest.raises(LogError, match="keyset-stale"):
        world.apply(now=now + week)

    def answer(method: str, path: str) -> Answer:
        return (503, {}, b"") if "well-known" in path else honest(world)(method, path)

    with partner(answer) as client:
        assert pull(world, client, now + week).code == "keyset-stale"
    assert world.apply(now=now + week - second).position.frontier.size == 2


# this node's roots


@pytest.fixture
def offline(now: datetime, settings: Any, tmp_path: Path) -> tuple[World, PrivateKey]:
    """A node that is no demonstration: its root key lies elsewhere."""
    world = World(now)
    root = world.origin.here.root
    (this.node().key_folder / "root.key").unlink()
    settings.NODE = replace(settings.NODE, demo=False)
    agreements_own.keep_root_keys(this.node(), [root.public])
    return world, root


def test_new_root_keys_are_published_when_old_and_new_have_signed(
    now: datetime, offline: tuple[World, PrivateKey]
) -> None:
    world, root = offline
    new = [PrivateKey.generate() for _ in range(3)]
    publics = sorted(key.public for key in new)
    known = keysets.latest(HERE)
    document = rotating.rotate_root(publics, 2, now=now)
    asked = rotation.read_request(rotation.write_request(known, document))
    for key in (new[0], new[1]):
        asked = rotation.sign_request(asked, key, now)
        with pytest.raises(Conflict, match="missing"):
            rotating.publish_request(data=rotation.write_request(known, asked.document), now=now)
    asked = rotation.sign_request(asked, root, now)
    found = rotating.publish_request(data=rotation.write_request(known, asked.document), now=now)
    assert (found.version, found.threshold) == (2, 2)
    assert agreements_own.root_keys(this.node()) == publics
    assert ops(world.ours) == ["keyset", "keyset"]
    document = rotating.rotate(["log"], now=now)
    with pytest.raises(LogError, match="not signed"):
        rotating.publish(data=canonical.encode(rotation.with_proof(document, new[0], publics, now)), now=now)


def test_a_termination_by_the_new_root_key_ends_an_agreement_that_the_old_one_signed(
    now: datetime, offline: tuple[World, PrivateKey]
) -> None:
    world, _ = offline
    new = PrivateKey.generate()
    agreement = agreement_queries.get(WORKER, world.origin.hash)
    ending = agreements.draft_termination(
        viewer=WORKER, agreement=agreement, own=HERE, effective=now, reason="cause", now=now
    )
    ending["proof"] = [signatures.sign(ending, HERE, new, now)]
    with pytest.raises(InvalidInput):
        agreements.end(viewer=WORKER, ending=ending, own=HERE, now=now)
    agreements_own.keep_root_keys(this.node(), [new.public])
    assert agreements.end(viewer=WORKER, ending=ending, own=HERE, now=now).ends == now
