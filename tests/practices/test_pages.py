"""Members of both clusters ask, answer, endorse and tell what they took over; it crosses at once."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import PUBLIC, Role
from kakehashi.exchange.models import Entry
from kakehashi.practices import queries
from kakehashi.records.models import Reading
from tests import cast
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db
KINDS = ("organisation", "practice", "comment")


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def received(now: datetime, kinds: tuple[str, ...] = KINDS) -> tuple[World, Reading]:
    """A practice of the partner in Osaka."""
    world, id = World(now, kinds=kinds), uuid4()
    practice = body("practice", "産学連携の実例")
    del practice["een_type"], practice["partnership"]
    world.origin.put(id, body=practice, kind="practice", clause="c4", onward="members")
    world.apply()
    return world, Reading.objects.get(record=id)


def member(now: datetime) -> tuple[Client, UUID]:
    owner = cast.organisation(now)
    client = Client()
    person = cast.user(Role.MEMBER, organisation=owner.id)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client, owner.id


def address(reading: Reading, says: str = "") -> str:
    return f"/de/practices/{reading.origin}/{reading.record}/" + (f"{says}/" if says else "")


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def crossed() -> int:
    return Entry.objects.filter(channel__own=True, op="put").count()


def test_a_question_crosses_and_its_answer_stands_below_it(now: datetime) -> None:
    world, practice = received(now)
    client, _owner = member(now)
    before = crossed()
    answer = client.post(address(practice, "question"), {"message": "Wie viele Projekte waren es?"})
    assert answer.status_code == 302
    assert crossed() == before + 1
    assert "Wie viele Projekte waren es?" in words(client, address(practice))
    (asked,) = queries.talk(cast.MANAGER, practice, now).questions
    reply = {
        "kind": "comment",
        "revision": 1,
        "lang": "ja",
        "about": {"origin": asked.asked.key[0], "id": asked.asked.key[1]},
        "organisation": practice.body["organisation"],
        "says": "answer",
        "at": "2026-11-22T10:00:00Z",
        "message": {"ja": {"text": "12件です。", "origin": "original"}},
    }
    world.origin.put(body=reply, kind="comment", clause=None, onward="members", topics=[])
    world.apply()
    (asked,) = queries.talk(cast.MANAGER, practice, now).questions
    assert [each.row.body["message"]["ja"]["text"] for each in asked.answers] == ["12件です。"]
    assert '<div class="prose" lang="ja"' in client.get(address(practice)).content.decode()


def test_what_was_taken_over_is_told_with_its_result_and_counts_once(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _world, practice = received(now)
    client, owner = member(now)
    for day, result in enumerate(("Noch offen.", "Drei Ausgründungen.")):
        monkeypatch.setattr(clock, "now", lambda day=day: now + timedelta(days=day))
        said = {"message": "Das Patenmodell.", "result": result}
        assert client.post(address(practice, "adoption"), said).status_code == 302
    ((found, saying),) = queries.adoptions(cast.MANAGER, now)
    assert (found.record, saying.owner) == (practice.record, owner)
    page = words(client, address(practice))
    assert "Übernommen von" in page
    assert "Drei Ausgründungen." in page
    assert "Noch offen." not in page


def test_strangers_read_nothing_of_it_and_cannot_speak(now: datetime) -> None:
    _world, practice = received(now)
    client, _owner = member(now)
    client.post(address(practice, "endorsement"), {"message": "Sehr überzeugend."})
    assert queries.talk(cast.MANAGER, practice, now).endorsements
    assert queries.talk(PUBLIC, practice, now).empty
    assert Client().post(address(practice, "question"), {"message": "?"}).status_code == 302  # to sign-in
    assert not queries.talk(cast.MANAGER, practice, now).questions


def test_nothing_is_said_where_the_agreement_lets_no_comments_cross(now: datetime) -> None:
    _world, practice = received(now, kinds=("organisation", "practice"))
    client, _owner = member(now)
    assert "Eine Frage stellen" not in words(client, address(practice))
    assert client.get(address(practice, "question")).status_code == 404


def test_an_answer_to_no_question_is_refused_and_what_was_written_stays(now: datetime) -> None:
    _world, practice = received(now)
    client, _owner = member(now)
    before = crossed()
    answer = client.post(address(practice, "answer") + "?question=osaka.example/none", {"message": "Ja."})
    assert answer.status_code == 200
    assert "Ja." in answer.content.decode()
    assert crossed() == before
