"""What the other side wrote reaches people in their language: asked for, written by the cluster, marked."""

from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client, override_settings

from kakehashi.accounts.viewer import Role
from kakehashi.introductions import actions, queries
from kakehashi.introductions.events import Key
from kakehashi.introductions.models import Wording
from kakehashi.introductions.queries import Words
from kakehashi.introductions.steps import Status
from kakehashi.introductions.telling import tell
from kakehashi.translation.texts import original
from tests import cast
from tests.accounts.smtp import mail_server, text
from tests.exchange.origin import HERE
from tests.introductions.world import ERIKA, World, crossed

pytestmark = pytest.mark.django_db
SAID = {"ja": original("来年度の予算が決まってから、改めてご相談ください。")}
MEANT = "Bitte fragen Sie wieder, sobald der Haushalt des nächsten Jahres feststeht."


@pytest.fixture
def world(now: datetime, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("kakehashi.clock.now", lambda: now)
    return World(now)


def client(world: World, role: Role) -> Client:
    found = Client()
    found.force_login(cast.user(role, world.isar.id if role is Role.MEMBER else None, language="de"))
    return found


def declined(world: World) -> tuple[Key, str, str]:
    """A no from Osaka with words in Japanese: (introduction, its page, the page of the words)."""
    key = world.checked()
    reply = world.says("reply", "declined", key, world.now, reason="no_capacity", message=SAID)
    page = f"/de/introductions/{key[0]}/{key[1]}/"
    return key, page, f"{page}words/osaka.example/{reply}/message/"


def test_a_reason_in_another_language_is_labelled_translated_on_request_and_then_read(world: World) -> None:
    _key, page, words = declined(world)
    member, manager = client(world, Role.MEMBER), client(world, Role.MANAGER)
    before = member.get(page).text
    assert "Derzeit keine Kapazität" in before  # the reason from the list, at once
    assert "Japanisches Original, noch nicht übersetzt" in before
    assert f'action="{words}"' in before
    assert member.post(words).status_code == 302
    assert "um eine Übersetzung gebeten" in member.get(page).text
    assert f'href="{words}"' in manager.get("/de/introductions/").text
    assert manager.post(words, {"language": "de", "text": MEANT}).status_code == 302
    after = member.get(page).text
    assert MEANT in after
    assert "Aus dem Japanischen übersetzt, geprüft von Demonstrationsknoten München" in after
    assert SAID["ja"]["text"] in after  # the original, one click away
    assert f'href="{words}"' not in manager.get("/de/introductions/").text


def test_both_sides_of_the_request_are_told_by_mail_once(world: World) -> None:
    _key, _page, words = declined(world)
    member, manager = client(world, Role.MEMBER), client(world, Role.MANAGER)
    told = []
    with mail_server() as server:
        mails = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_PORT": server.port}
        with override_settings(**mails, EMAIL_HOST="127.0.0.1"):
            tell(now=world.now)
            member.post(words)
            server.mails.clear()
            tell(now=world.now)
            manager.post(words, {"language": "de", "text": MEANT})
            tell(now=world.now)
            tell(now=world.now)
        told = [(str(mail["To"]), str(mail["Subject"])) for mail in server.mails]
        assert "/introductions/munich.example/" in text(server.mails[0])
    assert told == [
        ("manager@munich.example", "Vermittlung: Um eine Übersetzung wird gebeten"),
        ("member@munich.example", "Vermittlung: Die Übersetzung ist da"),
    ]


def test_the_own_cluster_translates_the_question_before_it_crosses_and_it_goes_along(world: World) -> None:
    key = world.ask()
    manager = client(world, Role.MANAGER)
    words = f"/de/introductions/{key[0]}/{key[1]}/words/{key[0]}/{key[1]}/questions/"
    assert f'href="{words}"' in manager.get(f"/de/introductions/{key[0]}/{key[1]}/").text
    refused = manager.post(words, {"language": "ja", "text": "090-1234-5678 までお電話ください"})
    assert refused.status_code == 200  # no telephone number crosses in a translation either
    assert manager.post(words, {"language": "ja", "text": "忍容性のデータはありますか。"}).status_code == 302
    assert crossed(world, UUID(key[1])) == []
    actions.check(viewer=world.manager, interest=key, now=world.now)
    (body,) = crossed(world, UUID(key[1]))
    assert "忍容性のデータはありますか。".encode() in body
    assert b'"origin":"reviewed"' in body
    assert world.of(key).state.status is Status.CHECKED
    assert not Wording.objects.exists()


def test_a_translation_added_later_changes_no_state_and_no_contact(world: World) -> None:
    key = world.asked_from_there(world.now)
    actions.accept(viewer=world.manager, interest=key, contact=ERIKA, now=world.now)
    words = {"milestone": Status.CDA, "words": "Die Vereinbarung ist unterschrieben.", "lang": "de"}
    actions.reach(viewer=world.manager, interest=key, now=world.now, **words)
    before = world.of(key)
    said = next(each for each in before.said if each.body["says"] == "cda")
    made = words_of(world, key, said.record)
    facts = {"found": before, "words": made, "language": "ja", "text": "契約を締結しました。"}
    actions.word(viewer=world.manager, now=world.now, **facts)
    after = world.of(key)
    assert (after.state.status, after.state.since, after.contacts) == (
        before.state.status,
        before.state.since,
        before.contacts,
    )
    assert words_of(world, key, said.record).missing == ("en",)


def test_a_translation_goes_when_the_words_do(world: World) -> None:
    key = world.asked_from_there(world.now)
    found = world.of(key)
    made = queries.text(world.manager, found, key[0], key[1], "questions", "de")
    facts = {"found": found, "words": made, "language": "de", "text": "Gibt es Daten zur Toxizität?"}
    actions.word(viewer=world.manager, now=world.now, **facts)
    assert actions.forget_wordings(now=world.now) == 0
    world.origin.withdraw(UUID(key[1]))
    world.apply()
    assert actions.forget_wordings(now=world.now) == 1
    assert not Wording.objects.exists()


def test_nobody_else_reads_or_translates_what_was_written(world: World) -> None:
    _key, _page, words = declined(world)
    stranger, editor = Client(), Client()
    stranger.force_login(cast.user(Role.MEMBER, world.other.organisation))
    editor.force_login(cast.user(Role.EDITOR))
    for visitor in (stranger, editor):
        assert visitor.get(words).status_code == 404
        assert visitor.post(words, {"language": "de", "text": "x"}).status_code == 404


def words_of(world: World, key: Key, record: UUID) -> Words:
    return queries.text(world.manager, world.of(key), HERE, str(record), "message", "ja")
