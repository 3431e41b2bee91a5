"""The pages of introductions: the way in, the board and the thread, seen by those whom they concern."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from icalendar import Calendar

from kakehashi.accounts.viewer import Role
from kakehashi.introductions import actions, queries
from tests import cast
from tests.exchange.origin import HERE, THERE
from tests.introductions.world import ERIKA, HANAKO, World
from tests.pinned import asked

pytestmark = pytest.mark.django_db
NIHONGO = "毒性試験の結果はありますか。"


@pytest.fixture
def world(now: datetime, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("kakehashi.clock.now", lambda: now)
    return World(now)


def client(world: World, role: Role) -> Client:
    """Somebody signed in, a member being one of Isar Biologics."""
    found = Client()
    organisation = world.isar.id if role is Role.MEMBER else None
    found.force_login(cast.user(role, organisation, name="Erika Muster"))
    return found


def page(client: Client, path: str, lang: str = "en") -> str:
    answer = client.get(f"/{lang}/introductions/{path}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, key: tuple[str, str], do: str, **fields: object) -> str:
    answer = client.post(f"/en/introductions/{key[0]}/{key[1]}/", {"do": do, **fields}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_member_asks_from_the_page_of_a_record(world: World) -> None:
    member = client(world, Role.MEMBER)
    part = member.get(f"/en/introductions/about/{THERE}/{world.there}/", headers={"HX-Request": "true"})
    form = f"/en/introductions/about/{THERE}/{world.there}/ask/"
    assert form in part.content.decode()
    fields = {"cooperation": ["licence"], "questions": "Any data?", "about_you": "We make antibodies."}
    contact = {"name": "Erika Muster", "email": "erika@isar.example", "phone": ""}
    wrong = member.post(form, {**fields, **contact, "questions": "Call +49 89 1234567"})
    assert "Nothing has been saved yet" in wrong.content.decode()
    done = member.post(form, {**fields, **contact}, follow=True)
    assert "Your question is with your cluster" in done.content.decode()
    (found,) = queries.every(world.member, world.now)
    assert found.interest.body["cooperation"] == ["licence"]
    assert form not in page(member, f"about/{THERE}/{world.there}/")


def test_readers_and_editors_find_no_way_in_and_no_introduction(world: World) -> None:
    key = world.ask()
    for role in (Role.READER, Role.EDITOR):
        stranger = client(world, role)
        assert stranger.get(f"/en/introductions/{key[0]}/{key[1]}/").status_code == 404
        assert stranger.get("/en/introductions/").status_code == 403
        assert stranger.get(f"/en/introductions/about/{THERE}/{world.there}/ask/").status_code == 404


def test_the_manager_checks_it_and_the_board_moves_it_to_the_other_side(world: World) -> None:
    key, manager = world.ask(), client(world, Role.MANAGER)
    board = page(manager, "")
    assert board.index("Waits for you") < board.index("Isar Biologics") < board.index("Waits for others")
    assert "With the owner’s cluster" in send(manager, key, "check")
    board = page(manager, "")
    assert board.index("Waits for others") < board.index("Isar Biologics")
    assert manager.post(f"/en/introductions/{key[0]}/{key[1]}/", {"do": "check"}).status_code == 409


def test_the_front_page_says_how_many_wait_for_the_person_who_looks(world: World) -> None:
    world.ask()
    manager, member = client(world, Role.MANAGER), client(world, Role.MEMBER)
    assert '/en/introductions/waiting/"' in manager.get("/en/").content.decode()
    part = {"headers": {"HX-Request": "true"}}
    assert (
        "1 introduction waits for you" in manager.get("/en/introductions/waiting/", **part).content.decode()
    )
    assert "To the introductions" in member.get("/en/introductions/waiting/", **part).content.decode()
    assert "<h1>Introductions" in page(manager, "waiting/")  # somebody opened the part alone
    assert "introductions/waiting" not in client(world, Role.EDITOR).get("/en/").content.decode()


def test_what_is_given_back_is_put_in_other_words_in_the_same_thread(world: World) -> None:
    key, manager, member = world.ask(), client(world, Role.MANAGER), client(world, Role.MEMBER)
    assert "Please check" in send(manager, key, "return")  # a reason is needed
    send(manager, key, "return", reason="incomplete", words="Which stage?")
    thread = page(member, f"{key[0]}/{key[1]}/")
    assert "The answers are too short to be passed on" in thread
    assert "Which stage?" in thread
    fields = {"cooperation": ["licence"], "questions": "Data in man?", "about_you": "We make antibodies."}
    send(member, key, "ask_again", **fields, name="Erika", email="erika@isar.example")
    assert "With the asker’s cluster" in page(member, f"{key[0]}/{key[1]}/")


def test_the_owner_reads_who_asks_and_no_contact_before_its_yes(world: World) -> None:
    key = world.asked_from_there(world.now)
    manager, member = client(world, Role.MANAGER), client(world, Role.MEMBER)
    assert member.get(f"/en/introductions/{key[0]}/{key[1]}/").status_code == 404
    send(manager, key, "hand_on")
    thread = page(member, f"{key[0]}/{key[1]}/")
    assert "なにわ製薬" in thread
    assert f'lang="ja"><p>{NIHONGO}' in thread
    assert "mailto:" not in thread
    thread = send(member, key, "accept", name="Erika Muster", email=ERIKA.email)
    assert f"mailto:{ERIKA.email}" in thread


def test_a_no_says_its_reason_in_the_language_of_whoever_reads_it(world: World) -> None:
    key = world.checked()
    world.says("reply", "declined", key, world.now, reason="no_capacity")
    member = client(world, Role.MEMBER)
    assert "Derzeit keine Kapazität" in page(member, f"{key[0]}/{key[1]}/", "de")
    assert "現在対応できる余力がない" in page(member, f"{key[0]}/{key[1]}/", "ja")
    assert '<form method="post" class="fields"' not in page(member, f"{key[0]}/{key[1]}/")


def test_a_meeting_begins_by_the_clock_here_and_is_told_by_both_clocks(world: World) -> None:
    key, member = world.checked(), client(world, Role.MEMBER)
    world.says("reply", "accepted", key, world.now, person=HANAKO)
    actions.keep_contacts(now=world.now)
    zone = {"zone": "Asia/Tokyo", "minutes": 45, "place": "https://meet.example/bridge"}
    thread = send(member, key, "meeting", start="2026-12-01T09:00", **zone)
    assert "1 December 2026, 09:00–09:45" in thread
    assert "1 December 2026, 17:00–17:45" in thread
    (said,) = [each for each in world.of(key).said if each.body["says"] == "meeting"]
    answer = member.get(f"/en/introductions/{key[0]}/{key[1]}/{said.record}.ics")
    calendar = Calendar.from_ical(answer.content)
    assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == {"Europe/Berlin", "Asia/Tokyo"}
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].dt.isoformat() == "2026-12-01T09:00:00+01:00"
    assert event["dtend"].dt.isoformat() == "2026-12-01T17:45:00+09:00"
    assert str(event["organizer"]) == f"mailto:{ERIKA.email}"
    assert str(event["attendee"]) == f"mailto:{HANAKO['contact']['email']}"


def test_whoever_arranged_a_meeting_moves_it_or_calls_it_off_on_the_page(world: World) -> None:
    key, member = world.checked(), client(world, Role.MEMBER)
    world.says("reply", "accepted", key, world.now, person=HANAKO)
    theirs = {"start": "2026-12-02T09:00:00Z", "zones": ["Asia/Tokyo"]}
    world.says("outcome", "meeting", key, world.now, **theirs)
    assert 'value="reschedule"' not in page(member, f"{key[0]}/{key[1]}/")  # theirs is theirs to move
    facts = {"zone": "Asia/Tokyo", "minutes": 45, "place": "Umeda"}
    thread = send(member, key, "meeting", start="2026-12-01T09:00", **facts)
    assert 'value="2026-12-01T09:00"' in thread  # what the form begins with
    (id,) = [each.record for each in world.of(key).said if each.own]
    thread = send(member, key, "reschedule", meeting=id, start="2026-12-03T10:00", **facts)
    assert "A meeting was moved" in thread
    assert "3 December 2026, 10:00–10:45" in thread
    assert "1 December 2026, 09:00" not in thread
    foreign = send(member, key, "call_off", meeting=UUID(int=3), words="")
    assert "Please check" in foreign
    thread = send(member, key, "call_off", meeting=id, words="Flight cancelled.")
    assert "A meeting was called off" in thread
    assert "Flight cancelled." in thread
    assert 'value="call_off"' not in thread


def test_the_page_is_for_the_step_that_comes_next(world: World) -> None:
    key, member = world.checked(), client(world, Role.MEMBER)
    world.says("reply", "accepted", key, world.now)
    wanted = {"accepted": "meeting", "meeting": "cda", "cda": "negotiation", "negotiation": "outcome"}
    for status, move in wanted.items():
        if status != "accepted":
            world.says("outcome", status, key, world.now)
        assert f'value="{move}" class="main"' in page(member, f"{key[0]}/{key[1]}/")


def test_an_outcome_is_confirmed_on_the_page_of_the_other_side(world: World) -> None:
    key, member = world.asked_from_there(world.now), client(world, Role.MEMBER)
    actions.accept(viewer=world.manager, interest=key, contact=ERIKA, now=world.now)
    world.says("outcome", "technology", key, world.now)
    assert "Reported: technology agreement" in page(member, f"{key[0]}/{key[1]}/")
    assert "Outcome confirmed" in send(member, key, "confirm", words="")


def test_a_withdrawn_record_leaves_the_thread_without_its_title(world: World) -> None:
    key, member = world.checked(), client(world, Role.MEMBER)
    world.origin.withdraw(world.there)
    world.apply()
    thread = page(member, f"{key[0]}/{key[1]}/")
    assert "A record that has been withdrawn" in thread
    assert "The owner has withdrawn the record." in thread


def test_the_board_asks_no_more_when_there_is_more_on_it(world: World) -> None:
    world.ask()
    manager = client(world, Role.MANAGER)
    before = asked(manager, "/en/introductions/")
    for number in range(5):
        later = world.now - timedelta(minutes=number)
        world.asked_from_there(later)
    assert len(asked(manager, "/en/introductions/")) <= len(before)
    one = queries.every(world.manager, world.now)[0].key
    assert len(asked(manager, f"/en/introductions/{one[0]}/{one[1]}/")) <= len(before) + 10


def test_a_hostile_partner_cannot_answer_for_this_side(world: World) -> None:
    key = world.asked_from_there(world.now)
    world.says("reply", "accepted", key, world.now)  # the asker's own node accepts in the owner's name
    assert not world.of(key).state.open
    own = world.checked()
    world.says("interest", "checked", (HERE, str(UUID(int=5))), world.now)  # about nothing that is here
    assert world.of(own).state.asker == HERE
