"""Proofs outlive what happens after: keys that change, keys that are stolen, parts that are erased."""

import json
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.exchange import checkpoint, queries, receipt
from kakehashi.exchange.actions import feeding, keysets, rotating
from kakehashi.exchange.keyset import COMPROMISED, USES
from kakehashi.proving import queries as proving
from kakehashi.proving.verify import Proven, verify
from kakehashi.records import actions as records
from tests import cast
from tests.exchange.origin import HERE, THERE
from tests.exchange.world import World
from tests.proving.test_second_reader import LEAST, NODE, READER, _version

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """Receipts carry the reader's clock."""
    return clock.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def fresh_folder(settings: Any, tmp_path: Path) -> None:
    """Keys that a test makes are its own."""
    settings.NODE = replace(settings.NODE, folder=tmp_path / "munich")


def bundle(record: UUID, now: datetime) -> bytes:
    return proving.prove(WORKER, HERE, record, now)


def proven(record: UUID, now: datetime) -> Proven:
    return verify(bundle(record, now))


def acknowledge(world: World, now: datetime) -> None:
    head = queries.signed_head(world.ours, world.ours.size)
    cosigned = checkpoint.cosign(head, THERE, world.origin.keys.log, int(now.timestamp()))
    data = receipt.build(cosigned, erased=[], rejected=[])
    feeding.take_receipt(channel=world.ours, peer=THERE, data=data, now=now)


def rotate(now: datetime) -> None:
    rotating.publish(data=keysets.sign_here(rotating.rotate(USES, now=now), now=now), now=now)


def test_records_from_before_and_after_a_change_of_keys_are_proven_each_by_its_own(now: datetime) -> None:
    world = World(now)
    first = cast.offer(now, audience="agreements")
    acknowledge(world, now)
    old = bundle(first.id, now)
    rotate(now)
    second = cast.offer(now, audience="agreements")
    acknowledge(world, now)
    assert proven(first.id, now).signed_with.endswith("#rec-1")
    assert proven(second.id, now).signed_with.endswith("#rec-2")
    assert verify(old).header["id"] == f"urn:uuid:{first.id}"  # taken away before anybody knew of new keys


def test_after_a_theft_what_the_owner_vouches_for_is_proven_and_the_rest_under_the_new_key(
    now: datetime,
) -> None:
    world = World(now)
    good = cast.offer(now, audience="agreements")
    acknowledge(world, now)
    vouched = world.ours.size - 1
    doubtful = cast.offer(now, audience="agreements")
    document = rotating.revoke(
        "rec-1", reason=COMPROMISED, since=now, last_good={world.ours.name: vouched}, now=now
    )
    rotating.publish(data=keysets.sign_here(document, now=now), now=now)
    acknowledge(world, now)
    assert proven(good.id, now).signed_with.endswith("#rec-1")
    assert proven(doubtful.id, now).signed_with.endswith("#rec-2")


def test_what_is_erased_stays_proven_without_what_it_said(now: datetime) -> None:
    """Payloads are destroyed; every old signature and proof still verifies."""
    world = World(now)
    offer = cast.offer(now, audience="agreements")
    acknowledge(world, now)
    before = bundle(offer.id, now)
    records.erase(viewer=cast.MANAGER, record_id=offer.id, scope="all", basis="gdpr-17", now=now)
    after = bundle(offer.id, now)
    assert verify(after).parts == {}
    assert "Bispezifische" not in after.decode()
    kept = {**json.loads(before), "parts": {}}
    shown = verify(json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())
    assert shown.absent == ["body"]


@pytest.mark.skipif(_version() < LEAST, reason=f"Node {LEAST} or newer is not installed")
def test_the_second_reader_comes_to_the_same_result_of_a_node_s_own_proofs(
    now: datetime, tmp_path: Path
) -> None:
    world = World(now)
    offers = [cast.offer(now, audience="agreements", title=f"Antikörper {i} 抗体") for i in range(5)]
    acknowledge(world, now)
    rotate(now)
    offers.append(cast.offer(now, audience="agreements"))
    files = [tmp_path / str(offer.id) for offer in offers]
    for file in files:
        file.write_bytes(bundle(UUID(file.name), now) + b"\n")
    done = subprocess.run(
        [str(NODE), str(READER), *map(str, files)], capture_output=True, text=True, check=True
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    shown = [verify(file.read_bytes()) for file in files]
    assert [(each["index"], each["id"], each["log"]) for each in told] == [
        (each.index, each.header["id"], each.channel) for each in shown
    ]
    assert [[(seen["by"], seen["size"]) for seen in each["receipts"]] for each in told] == [
        [(seen.by, seen.size) for seen in each.seen if seen.by] for each in shown
    ]
