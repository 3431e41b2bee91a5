"""A partner's pages in the tables: shown, refused, taken back, erased, and never half."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from kakehashi.audit.models import Entry as AuditEntry
from kakehashi.errors import LogError
from kakehashi.exchange import overview, words
from kakehashi.exchange.actions import showing, verifying
from kakehashi.exchange.log import Frontier
from kakehashi.exchange.models import Chain, Entry, Erasure, Part, Quarantine
from kakehashi.exchange.page import Part as Payload
from kakehashi.records import ports
from kakehashi.records import queries as records
from kakehashi.records.models import Passage, Reading
from kakehashi.signing import canonical
from kakehashi.signing.commit import commitment, new_salt, stamp
from tests import cast
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db


def titles(now: datetime, viewer: Any = cast.EDITOR) -> list[str]:
    return sorted(r.title["ja"] for r in records.published(viewer, now).filter(own=False))


def refused(world: World) -> list[tuple[int, str]]:
    return sorted(Quarantine.objects.filter(channel=world.theirs).values_list("index", "code"))


def two_parts(world: World, id: UUID, contact: str = "licensing@naniwa.example", **changes: Any) -> Any:
    """A put with a personal part, beside the body."""
    line = world.origin.put(id, body=body(), **changes)
    world.origin.lines.pop()
    rev, _ = world.origin.heads.pop(id)
    person = {"contact": {"email": contact}}
    salt = new_salt()
    parts = {**line.parts, "person": Payload(salt, canonical.encode(person))}
    commitments = {**line.header["parts"], "person": commitment(salt, person)}
    if rev > 1:
        world.origin.heads[id] = (rev - 1, line.header["prev"])
    again = world.origin.put(id, body=body(), parts=commitments, **changes)
    world.origin.lines[-1] = replace(again, parts=parts)
    return again


def test_an_accepted_record_is_shown_with_the_crossing_it_came_by(now: datetime) -> None:
    world = World(now)
    line = world.origin.put(body=body())
    world.apply()
    assert titles(now) == ["ペプチド医薬の提供"]
    passage = Passage.objects.get(received=True)
    assert (passage.channel, passage.index, passage.clause) == (world.origin.channel, line.index, "c1")
    assert (passage.agreement, passage.open_until) == (world.origin.hash, world.origin.standing()["ends"])
    assert refused(world) == []


def test_the_cursor_is_the_size_and_the_frontier_has_the_signed_root(now: datetime) -> None:
    world = World(now)
    for _ in range(5):
        world.origin.put(body=body())
    world.apply()
    channel = world.theirs
    grown = world.origin.frontier()
    assert (channel.size, bytes(channel.frontier)) == (6, grown.to_bytes())
    assert channel.feed.note == world.origin.note()
    stored = Entry.objects.filter(channel=channel).order_by("index")
    assert Frontier().extend([bytes(entry.leaf) for entry in stored]) == grown


def test_a_page_with_one_wrong_byte_changes_nothing_at_all(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    before = world.theirs
    with pytest.raises(LogError):
        world.apply(world.origin.feed().replace("医薬".encode(), "医療".encode()))
    assert (world.theirs.size, world.theirs.feed.note) == (before.size, before.feed.note)
    assert not Entry.objects.filter(channel=before).exists()
    assert titles(now) == []


def test_a_refused_record_is_a_leaf_but_is_nowhere_shown_and_its_parts_are_not_kept(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body(), regions=["JP-28"])
    world.origin.put(body=body("gossip"))
    world.apply()
    assert world.theirs.size == 3
    assert refused(world) == [(1, "policy-region"), (2, "schema-invalid")]
    assert titles(now) == []
    assert not Part.objects.filter(channel=world.theirs).exists()
    shown = overview.exchanges(cast.MANAGER, now)[0].reading
    assert shown is not None
    assert [(row.index, row.kind, row.why) for row in shown.refused] == [
        (2, "offer", words.REFUSED["schema-invalid"]),
        (1, "offer", words.REFUSED["policy-region"]),
    ]
    assert (shown.records, shown.refused_count) == (0, 2)


def test_a_new_revision_replaces_the_old_one_and_destroys_its_parts(now: datetime) -> None:
    world = World(now)
    id = uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.put(id, body=body(title="改訂版", revision=2))
    world.apply()
    assert titles(now) == ["改訂版"]
    assert list(Part.objects.filter(channel=world.theirs).values_list("index", flat=True)) == [2]


def test_a_refused_revision_takes_away_the_one_that_it_replaces(now: datetime) -> None:
    world = World(now)
    id = uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.put(id, body=body(), tlp="RED")
    world.apply()
    assert titles(now) == []
    assert refused(world) == [(2, "policy-tlp")]


def test_a_withdrawn_record_is_gone_and_may_be_revived_by_a_higher_revision(now: datetime) -> None:
    world = World(now)
    id = uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.withdraw(id)
    world.apply()
    assert titles(now) == []
    assert not Part.objects.filter(channel=world.theirs).exists()
    world.origin.put(id, body=body(title="再開"))
    world.apply()
    assert titles(now) == ["再開"]


def test_what_one_page_puts_and_withdraws_never_appears(now: datetime) -> None:
    world = World(now)
    id = uuid4()
    world.origin.put(id, body=body())
    world.origin.withdraw(id)
    world.apply()
    assert titles(now) == []
    assert not Reading.objects.filter(record=id).exists()
    assert Chain.objects.get(record=id).live is None


def test_pages_applied_one_entry_at_a_time_lead_to_the_same_tables(now: datetime) -> None:
    world = World(now)
    ids = [uuid4() for _ in range(3)]
    for id in ids:
        world.origin.put(id, body=body(title=f"提供 {ids.index(id)}"))
    world.origin.withdraw(ids[0])
    world.origin.put(ids[1], body=body(title="改訂版", revision=2))
    for end in range(1, len(world.origin.lines) + 1):
        world.apply(end=end)
    assert titles(now) == ["提供 2", "改訂版"]
    assert bytes(world.theirs.frontier) == world.origin.frontier().to_bytes()


def test_a_page_for_another_position_is_refused(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    first = world.origin.feed(0)
    world.apply()
    with pytest.raises(LogError, match="index-gap"):
        world.apply(first)
    assert world.theirs.size == 2


def test_a_fork_is_noticed_against_what_is_stored(now: datetime) -> None:
    world = World(now)
    id = uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.heads.clear()
    world.origin.put(id, body=body(title="別の話"))
    with pytest.raises(LogError, match="fork"):
        world.apply()
    assert titles(now) == ["ペプチド医薬の提供"]


def test_threat_22_superseded_revisions_without_parts_are_no_fault_but_a_living_one_without_is(
    now: datetime,
) -> None:
    """Threat 22: withholding is reported once the newest checkpoint is reached."""
    world = World(now)
    gone, lives = uuid4(), uuid4()
    world.origin.put(gone, body=body())
    world.origin.put(lives, body=body())
    world.origin.lines[1:] = [replace(line, parts={}) for line in world.origin.lines[1:]]
    world.origin.withdraw(gone)
    world.apply()
    assert refused(world) == [(2, "part-missing")]
    assert titles(now) == []
    world.origin.put(lives, body=body(title="やっと届いた"))
    world.apply()
    assert titles(now) == ["やっと届いた"]
    assert refused(world) == []


def test_a_record_that_expired_before_it_was_read_is_not_called_withheld(now: datetime) -> None:
    world = World(now)
    line = world.origin.put(body=body(), expires=now - timedelta(days=1))
    world.origin.lines[1] = replace(line, parts={})
    world.apply()
    assert refused(world) == [(1, "expired")]


def test_a_clock_ahead_is_forgiven_when_its_time_has_come(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body(), issued=stamp(now + timedelta(minutes=11)))
    world.apply()
    assert refused(world) == [(1, "clock")]
    assert showing.recheck(now=now) == 0
    assert titles(now) == []
    later = now + timedelta(minutes=2)
    assert showing.recheck(now=later) == 1
    assert titles(later) == ["ペプチド医薬の提供"]
    assert refused(world) == []


def test_what_a_later_minor_version_added_is_kept_byte_for_byte_and_not_interpreted(now: datetime) -> None:
    """C13: the record is read by what is known of it; its bytes, which prove it, are those that came."""
    world = World(now)
    line = world.origin.put(body=body(rating={"stars": [5]}))
    world.apply()
    reading = Reading.objects.get(own=False)
    assert reading.title == {"ja": body()["title"]["ja"]["text"]}
    assert "rating" not in reading.body
    part = Part.objects.get(channel=world.theirs, name="body")
    assert bytes(part.data) == line.parts["body"].data
    assert verifying.verify_all(now=now) == 0
    assert not Quarantine.objects.exists()
    Reading.objects.filter(own=False).update(body={**reading.body, "topics": ["vaccines"]})
    assert verifying.verify_all(now=now) == 0  # what was signed is whole …
    assert Reading.objects.get(own=False).body == reading.body  # … and is shown again
    assert AuditEntry.objects.filter(action="exchange.alarm").count() == 1


def test_threat_43_an_unknown_major_version_waits_whole_and_is_shown_after_an_upgrade(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(now)
    line = world.origin.put(body=body(), schema="offer/2")
    world.apply()
    assert refused(world) == [(1, "schema-unknown")]
    kept = Part.objects.get(channel=world.theirs)
    assert bytes(kept.data) == line.parts["body"].data
    assert showing.recheck(now=now) == 0
    monkeypatch.setattr("kakehashi.exchange.header.KNOWN_MAJOR", 2)  # what an upgrade changes
    assert showing.recheck(now=now) == 1
    assert (titles(now), refused(world)) == (["ペプチド医薬の提供"], [])


def test_a_part_that_never_fits_is_refused_alone_when_patience_is_over(now: datetime) -> None:
    world = World(now)
    line = world.origin.put(body=body())
    world.origin.put(body=body(title="無事"))
    other = canonical.encode(body(title="すり替え"))
    world.origin.lines[1] = replace(line, parts={"body": Payload(line.parts["body"].salt, other)})
    with pytest.raises(LogError, match="part-mismatch"):
        world.apply()
    world.apply(tolerant=True)
    assert titles(now) == ["無事"]
    assert refused(world) == [(1, "part-mismatch")]


def test_erasing_a_person_destroys_the_part_here_and_keeps_the_rest(now: datetime) -> None:
    world = World(now, parts=("body",))
    id = uuid4()
    world.origin.put(id, body=body())
    world.apply()
    world.origin.erase(id, ["body"])
    world.apply()
    assert not Part.objects.filter(channel=world.theirs).exists()
    assert titles(now) == []
    assert list(Erasure.objects.values_list("index", "parts")) == [(2, ["body"])]


def test_personal_parts_without_a_grant_are_dropped_with_their_record(now: datetime) -> None:
    world = World(now)
    two_parts(world, uuid4())
    world.apply()
    assert refused(world) == [(1, "policy-part")]
    assert not Part.objects.filter(channel=world.theirs).exists()


def test_everything_can_be_shown_anew_from_what_is_stored(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.origin.put(body=body(title="二つ目"))
    world.origin.put(body=body(), tlp="RED")
    world.apply()
    before = titles(now)
    Reading.objects.filter(own=False).delete()
    assert showing.rebuild(now=now) == 2
    assert titles(now) == before == ["ペプチド医薬の提供", "二つ目"]


def test_without_a_fresh_key_set_nothing_is_applied(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    with pytest.raises(LogError, match="keyset-stale"):
        world.apply(now=now + timedelta(days=7))
    world.apply(now=now + timedelta(days=6))
    assert titles(now + timedelta(days=6)) == ["ペプチド医薬の提供"]


def test_what_a_partner_says_about_a_record_is_kept_and_is_no_content(now: datetime) -> None:
    world = World(now, kinds=("organisation", "interest"))
    about = {"origin": "munich.example", "id": str(uuid4())}
    said = {"kind": "interest", "revision": 1, "lang": "ja", "about": about, "says": "asked"}
    line = world.origin.put(
        body={**said, "organisation": body()["organisation"]}, kind="interest", clause=None
    )
    world.apply()
    assert refused(world) == []
    assert titles(now) == []
    (heard,) = records.conversation(cast.EDITOR, now)
    assert (heard.kind, heard.body["about"], f"urn:uuid:{heard.record}") == (
        "interest",
        about,
        line.header["id"],
    )
    world.origin.withdraw(heard.record)
    world.apply()
    assert not records.conversation(cast.EDITOR, now).exists()


@pytest.fixture
def poisoned() -> Iterator[None]:
    """Something that reads along breaks over one title."""

    def choke(readings: Sequence[Reading], gone: bool) -> None:
        if any("毒" in reading.title.get("ja", "") for reading in readings):
            raise RecursionError("毒")

    ports.on_readings(choke)
    yield
    ports._readings.remove(choke)


@pytest.mark.usefixtures("poisoned")
def test_threat_30_a_record_that_breaks_what_shows_it_is_refused_alone_and_the_feed_goes_on(
    now: datetime,
) -> None:
    world = World(now)
    world.origin.put(body=body(title="良い提供"))
    poison = world.origin.put(body=body(title="毒"))
    world.origin.put(body=body(title="次の提供"))
    world.apply()
    assert titles(now) == ["次の提供", "良い提供"]
    assert refused(world) == [(poison.index, "schema-invalid")]
    assert world.theirs.size == 4
