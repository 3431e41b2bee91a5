"""Threats 31 to 34 and 44: damage is found, a full disk loses nothing, wrong clocks are named."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from kakehashi import clock, this
from kakehashi.audit.models import Entry as Audited
from kakehashi.errors import Recovering
from kakehashi.exchange import jobs, outside, pulling, space
from kakehashi.exchange.actions import applying, verifying
from kakehashi.exchange.models import Entry, Feed, Part, Quarantine
from kakehashi.records.models import Reading
from kakehashi.recovery import actions, checking
from tests import cast
from tests.exchange.calls import call, code
from tests.exchange.world import World, body
from tests.recovery.giver import Giver
from tests.recovery.server import served
from tests.recovery.sound import sound

GIB = 2**30


@pytest.mark.django_db
def test_a_sound_node_has_nothing_to_say_and_writes(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply()
    cast.organisation(now, audience="agreements")
    assert actions.check(now=now) == []


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["leaf", "gap", "frontier", "note", "own root"])
def test_threat_33_a_log_that_is_not_what_was_signed_makes_the_node_read_only(
    now: datetime, what: str
) -> None:
    world = World(now)
    for _ in range(3):
        world.origin.put(body=body())
    world.apply()
    owner = cast.organisation(now, audience="agreements")
    point = transaction.savepoint()
    _damage(world, what)
    (found,) = actions.check(now=now)
    assert found.startswith("log ")
    with pytest.raises(Recovering), transaction.atomic():
        cast.offer(now, owner, audience="agreements")
    path = f"/channels/{world.ours.name}/entries?from=0"
    assert code(call("GET", path, keys=world.origin.keys, now=now)) == "origin-recovering"
    sent = Client().post("/de/account/login/", {})
    assert sent.status_code == 503
    assert "lässt sich nichts ändern" in sent.content.decode()
    assert Client().get("/de/").status_code == 200
    transaction.savepoint_rollback(point)
    assert actions.check(now=now) == []
    cast.offer(now, owner, audience="agreements")


def _damage(world: World, what: str) -> None:
    theirs = Entry.objects.filter(channel=world.theirs, index=2)
    if what == "leaf":
        theirs.update(leaf=bytes(32))
    elif what == "gap":
        theirs.delete()
    elif what == "frontier":
        channel = world.theirs
        channel.frontier = bytes(len(bytes(channel.frontier)))
        channel.save()
    elif what == "note":
        Feed.objects.filter(pk=world.theirs.pk).update(note=world.origin.note(3))
    else:
        world.ours.heads.update(root=bytes(32))


@pytest.mark.django_db
def test_threat_33_a_damaged_node_reads_nothing_from_partners(now: datetime) -> None:
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    outside.set_damage(this.node().folder, ["database: torn"])
    with giver.serving() as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    assert (Feed.objects.get().code, world.theirs.size) == ("damaged", 0)


def test_f5_torn_and_rotten_pages_are_found_or_change_nothing(tmp_path: Path) -> None:
    """Short form of F5: pages of a log's table replaced by noise, one after the other."""
    random, found, harmless = Random(5), 0, 0
    for number in range(60):
        path = tmp_path / f"{number}.sqlite3"
        leaves = _small_database(path)
        _tear(path, random)
        if _read_back(path) == leaves:
            harmless += 1
        else:
            found += 1
    assert found > 20
    assert found + harmless == 60


def _small_database(path: Path) -> list[bytes]:
    leaves = [bytes([i % 256]) * 32 for i in range(400)]
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE leaf (i INTEGER PRIMARY KEY, leaf BLOB)")
        made.executemany("INSERT INTO leaf VALUES (?, ?)", enumerate(leaves))
    made.close()
    return leaves


def _tear(path: Path, random: Random) -> None:
    data = bytearray(path.read_bytes())
    size = random.choice([512, 1024, 4096])
    start = random.randrange(0, len(data) // size) * size
    data[start : start + size] = random.randbytes(size)
    path.write_bytes(data if random.random() < 0.8 else data[: start + size // 2])


def _read_back(path: Path) -> list[bytes] | None:
    """What the check at start sees: None if SQLite itself says that the file is broken."""
    made = sqlite3.connect(path)
    try:
        if made.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            return None
        return [row[0] for row in made.execute("SELECT leaf FROM leaf ORDER BY i")]
    except sqlite3.DatabaseError:
        return None
    finally:
        made.close()


@pytest.mark.django_db
def test_sqlite_is_asked_about_its_own_file() -> None:
    assert checking.database() == []


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["header", "part"])
def test_threat_44_a_row_that_somebody_changed_is_found_at_night_and_shown_nowhere(
    now: datetime, what: str
) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.origin.put(body=body(title="無事"))
    world.apply()
    assert verifying.verify_all(now=now) == 0
    if what == "header":
        row = Entry.objects.get(channel=world.theirs, index=1)
        Entry.objects.filter(pk=row.pk).update(header=bytes(row.header).replace(b"GREEN", b"CLEAR"))
    else:
        part = Part.objects.get(channel=world.theirs, index=1)
        Part.objects.filter(pk=part.pk).update(
            data=bytes(part.data).replace("医薬".encode(), "毒薬".encode())
        )
    assert verifying.verify_all(now=now) == 1
    assert list(Quarantine.objects.values_list("index", "code")) == [(1, "altered")]
    assert [row.title["ja"] for row in Reading.objects.filter(own=False)] == ["無事"]
    assert Audited.objects.filter(action="exchange.alarm", facts__code="altered").count() == 1
    assert verifying.verify_all(now=now) == 1  # told once
    assert Audited.objects.filter(action="exchange.alarm", facts__code="altered").count() == 1


@pytest.mark.django_db
def test_threat_44_what_pages_show_is_put_right_from_what_was_signed(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply()
    reading = Reading.objects.get(own=False)
    reading.body["title"]["ja"]["text"] = "すり替え"
    reading.save()
    assert verifying.verify_all(now=now) == 0
    reading.refresh_from_db()
    assert reading.body["title"]["ja"]["text"] == "ペプチド医薬の提供"
    assert Audited.objects.filter(action="exchange.alarm", facts__code="altered").exists()


@contextmanager
def full_disk() -> Iterator[None]:
    """SQLite may not grow any more."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=4294967294")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="the full disk is made by SQLite itself, max_page_count"
)
def test_threat_32_and_f4_a_full_disk_leaves_the_last_page_standing_and_reading_resumes() -> None:
    now = clock.now().replace(microsecond=0)
    world = World(now)
    giver = Giver(world)
    for number in range(60):
        world.origin.put(body=body(title=f"満杯 {number} " + "長" * 2000))
    with giver.serving() as client:
        with full_disk():
            assert pulling.pull(client, world.origin.channel, lambda: now, wait=0) == 0
        assert (world.theirs.size, Entry.objects.filter(channel=world.theirs).count()) == (0, 0)
        assert Feed.objects.get().code in ("disk-full", "")  # "" if not even this fitted
        assert pulling.pull(client, world.origin.channel, lambda: now, wait=0) == 61
    assert world.theirs.size == 61
    sound(world.theirs)


@pytest.mark.django_db
def test_threat_32_little_room_pauses_reading_and_serving_goes_on(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    monkeypatch.setattr(space, "LEAST_IN_DEMONSTRATION", 2**62)
    monkeypatch.setattr(space, "SHARE", 1)
    with giver.serving() as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
        assert (Feed.objects.get().code, world.theirs.size) == ("space-low", 0)
        path = f"/channels/{world.ours.name}/entries?from=0"
        assert call("GET", path, keys=world.origin.keys, now=now).status_code == 200
        monkeypatch.undo()
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    assert world.theirs.size == 2


def test_room_is_judged_by_what_some_days_need_and_not_by_how_full_a_large_disk_is() -> None:
    assert not space.is_low(30 * GIB, 1000 * GIB, demo=False)  # 3 % of a large disk
    assert space.is_low(GIB, 1000 * GIB, demo=False)
    assert not space.is_low(2 * GIB // 2, 8 * GIB, demo=False)  # of a small disk a tenth is enough
    assert not space.is_low(GIB // 2, 1000 * GIB, demo=True)
    assert space.is_low(GIB // 8, 1000 * GIB, demo=True)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-2, 3])
def test_threat_34_clocks_that_differ_by_hours_pause_reading_and_the_alarm_names_the_skew(
    now: datetime, hours: int
) -> None:
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    there = format_datetime(clock.now() + timedelta(hours=hours), usegmt=True)
    with served(giver.answer, date=there) as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    feed = Feed.objects.get()
    assert (feed.code, world.theirs.size) == ("clock-skew", 0)
    assert abs(int(feed.detail) - hours * 3600) < 60
    assert feed.next_try is not None
    with giver.serving() as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    assert (Feed.objects.get().code, world.theirs.size) == ("", 2)


@pytest.mark.django_db
def test_threat_34_two_minutes_are_forgiven(now: datetime) -> None:
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    there = format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)
    with served(giver.answer, date=there) as client:
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    assert (Feed.objects.get().code, world.theirs.size) == ("", 2)


@pytest.mark.django_db
def test_threat_31_a_page_that_dies_half_way_leaves_nothing(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long form kills processes (two_nodes); here the database fails at the last statement of a page."""
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())

    def dies(*_: object) -> None:
        raise DatabaseError("power loss")

    with giver.serving() as client:
        monkeypatch.setattr(applying._Applying, "_move", dies)
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
        assert (world.theirs.size, Entry.objects.filter(channel=world.theirs).count()) == (0, 0)
        assert not Reading.objects.filter(own=False).exists()
        monkeypatch.undo()
        pulling.pull(client, world.origin.channel, lambda: now, wait=0)
    assert world.theirs.size == 2
    sound(world.theirs)


@pytest.mark.django_db
def test_the_client_of_the_jobs_is_the_one_that_was_led_to_the_partner(now: datetime) -> None:
    with served(lambda method, path, sent: (200, b"")) as client:
        assert jobs.client() is client
