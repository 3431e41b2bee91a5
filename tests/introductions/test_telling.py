"""Nobody is left in silence: who acts next is told, then reminded, then those above; once, by real mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings
from icalendar import Calendar

from kakehashi.accounts.viewer import Role
from kakehashi.introductions import actions
from kakehashi.introductions.derive import derive
from kakehashi.introductions.events import Key
from kakehashi.introductions.notices import due
from kakehashi.introductions.steps import Status
from kakehashi.introductions.telling import tell
from kakehashi.signing.commit import stamp
from tests import cast
from tests.accounts.smtp import MailServer, mail_server, text
from tests.exchange.origin import HERE
from tests.introductions.test_derive import ACCEPTED, CHECKED, DEAL, INTEREST, MEETING, PASSED, START
from tests.introductions.world import ERIKA, HANAKO, World

BERLIN_AND_TOKYO = ("Europe/Berlin", "Asia/Tokyo")
ARRANGED = {
    "start": datetime(2027, 2, 1, 8, tzinfo=UTC),
    "minutes": 60,
    "place": "Umeda",
    "zones": BERLIN_AND_TOKYO,
}

pytestmark = pytest.mark.django_db
_MEETING = replace(MEETING, id=str(UUID(int=7)))


@pytest.mark.parametrize(
    ("events", "node", "day", "told"),
    [
        ([CHECKED], "munich.example", 1, ["managers waits"]),
        ([CHECKED], "osaka.example", 1, []),
        ([CHECKED], "munich.example", 6, ["managers waits", "managers overdue"]),
        ([CHECKED], "munich.example", 12, ["managers waits", "managers overdue", "managers escalate"]),
        ([CHECKED], "osaka.example", 12, ["managers escalate"]),
        ([CHECKED, PASSED], "munich.example", 2, ["owner waits"]),
        ([CHECKED, PASSED], "munich.example", 20, ["owner waits", "owner overdue", "managers escalate"]),
        ([CHECKED, ACCEPTED], "osaka.example", 3, ["asker waits", "asker news"]),
        ([CHECKED, ACCEPTED], "munich.example", 3, ["owner waits", "owner news"]),
        ([CHECKED, ACCEPTED, _MEETING], "munich.example", 11, ["owner meeting"]),
        ([CHECKED, ACCEPTED, _MEETING, DEAL], "osaka.example", 21, ["asker meeting"]),
        ([CHECKED, _MEETING], "osaka.example", 11, []),  # no meeting before both yeses
        ([CHECKED], "osaka.example", 61, ["asker news"]),
        ([CHECKED], "munich.example", 61, []),  # the owner never heard of it
    ],
)
def test_who_is_told_what_follows_from_the_state(events: list, node: str, day: int, told: list[str]) -> None:
    now = START + timedelta(days=day)
    state = derive(INTEREST, events, now)
    assert state is not None
    assert [f"{each.to} {each.kind}" for each in due(state, node, now)] == told


def post(server: MailServer, now: datetime) -> list[tuple[str, str, str]]:
    """Run the job; (to, subject, text) of what came."""
    server.mails.clear()
    settings = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_PORT": server.port}
    with override_settings(**settings, EMAIL_HOST="127.0.0.1"):
        tell(now=now)
    return [(str(mail["To"]), str(mail["Subject"]), text(mail)) for mail in server.mails]


def test_a_decline_reaches_the_asker_by_mail_in_its_language_and_once(now: datetime) -> None:
    world = World(now)
    cast.user(Role.MEMBER, world.isar.id, language="ja")
    cast.user(Role.MANAGER, language="de")
    key = world.ask()
    with mail_server() as server:
        (first,) = post(server, now)
        assert first[:2] == ("manager@munich.example", "Vermittlung: Sie sind am Zug")
        assert f"/introductions/{HERE}/{key[1]}/" in first[2]
        assert post(server, now) == []  # once
        actions.check(viewer=world.manager, interest=key, now=now)
        assert post(server, now) == []  # now it waits for the other side
        world.says("reply", "declined", key, now, reason="no_capacity")
        (last,) = post(server, now)
        assert last[0] == "member@munich.example"
        assert "辞退: 現在対応できる余力がない" in last[2]
        assert post(server, now + timedelta(days=30)) == []


def test_a_meeting_comes_as_an_invitation_with_both_time_zones_that_a_calendar_can_answer(
    now: datetime,
) -> None:
    world, key = opened(now)
    with mail_server() as server:
        post(server, now)
        actions.arrange(viewer=world.member, interest=key, now=now, **ARRANGED)
        told = {to: (subject, text) for to, subject, text in post(server, now)}
        assert set(told) == {"member@munich.example", ERIKA.email}  # the contact needs no sign-in
        subject, words = told["member@munich.example"]
        assert subject == "紹介：面談のご案内"
        assert "2027-02-01 17:00–18:00  Asia/Tokyo" in words
        parts = {part.get_content_type(): part for part in server.mails[0].walk()}
        invitation = parts["text/calendar"]
        assert invitation["Content-Type"].params["method"] == "REQUEST"
        calendar = Calendar.from_ical(invitation.get_content())
        assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == set(BERLIN_AND_TOKYO)
        (event,) = calendar.walk("VEVENT")
        assert event["dtstart"].dt == ARRANGED["start"]
        assert event["organizer"] == f"mailto:{ERIKA.email}"
        assert event["organizer"].params["SENT-BY"] == "mailto:noreply@munich.example"
        assert event["attendee"] == f"mailto:{HANAKO['contact']['email']}"
        assert post(server, now) == []
    past = {**ARRANGED, "start": now - timedelta(days=2)}
    actions.arrange(viewer=world.member, interest=key, now=now, **past)
    with mail_server() as server:
        assert post(server, now) == []  # nobody is invited to what is over


def calendar(server: MailServer) -> tuple[str, Any]:
    """Method and event of what the first mail brings for a calendar."""
    (part,) = [part for part in server.mails[0].walk() if part.get_content_type() == "text/calendar"]
    found = Calendar.from_ical(part.get_content())
    assert part["Content-Type"].params["method"] == found["method"]  # RFC 6047 section 2.4
    (event,) = found.walk("VEVENT")
    return str(found["method"]), event


def opened(now: datetime) -> tuple[World, Key]:
    """Both have said yes; Isar's contact and one member, who reads Japanese, are here."""
    world = World(now)
    cast.user(Role.MEMBER, world.isar.id, language="ja")
    key = world.checked()
    world.says("reply", "accepted", key, now, person=HANAKO)
    actions.keep_contacts(now=now)
    return world, key


def test_calendars_that_have_a_meeting_move_it_and_take_it_out_with_it(now: datetime) -> None:
    world, key = opened(now)
    with mail_server() as server:
        post(server, now)
        id = actions.arrange(viewer=world.member, interest=key, now=now, **ARRANGED)
        facts = {"viewer": world.member, "interest": key, "meeting": id}
        post(server, now)
        _method, first = calendar(server)
        later = ARRANGED["start"] + timedelta(days=1)
        actions.reschedule(**facts, now=now + timedelta(hours=1), **{**ARRANGED, "start": later})
        told = {to: subject for to, subject, _text in post(server, now + timedelta(hours=1))}
        assert told["member@munich.example"] == "紹介：面談が変更されました"
        assert ERIKA.email in told
        method, moved = calendar(server)
        assert (method, moved["uid"], moved["sequence"]) == ("REQUEST", first["uid"], 1)
        assert moved["dtstart"].dt == later
        actions.call_off(**facts, words="", lang="de", now=now + timedelta(hours=2))
        assert {to for to, _s, _t in post(server, now + timedelta(hours=2))} == set(told)
        method, gone = calendar(server)
        assert (method, gone["uid"], gone["sequence"]) == ("CANCEL", first["uid"], 2)
        assert (gone["status"], gone["organizer"]) == ("CANCELLED", f"mailto:{ERIKA.email}")
        assert gone["attendee"] == f"mailto:{HANAKO['contact']['email']}"
        assert post(server, now + timedelta(hours=3)) == []
    assert world.of(key).state.status is Status.ACCEPTED


@pytest.mark.parametrize("invited", [True, False])
def test_what_the_other_side_calls_off_reaches_those_here_who_were_invited(
    invited: bool, now: datetime
) -> None:
    world, key = opened(now)
    when = {"start": stamp(ARRANGED["start"]), "minutes": 60, "zones": list(BERLIN_AND_TOKYO)}
    with mail_server() as server:
        post(server, now)
        id = world.says("outcome", "meeting", key, now, **when)
        if invited:
            assert len(post(server, now)) == 2
        world.says("outcome", "cancelled", key, now, id=id, revision=2, **when)
        assert len(post(server, now)) == (2 if invited else 0)
        if invited:
            method, event = calendar(server)
            assert (method, event["organizer"]) == ("CANCEL", f"mailto:{HANAKO['contact']['email']}")


def test_a_meeting_falls_through_with_the_introduction_and_names_nobody_of_the_other_side(
    now: datetime,
) -> None:
    world, key = opened(now)
    with mail_server() as server:
        actions.arrange(viewer=world.member, interest=key, now=now, **ARRANGED)
        post(server, now)
        actions.withdraw(viewer=world.member, interest=key, now=now)
        told = [to for to, subject, _text in post(server, now) if subject == "紹介：面談が取り消されました"]
        assert told == ["member@munich.example"]
        server.mails[:] = [mail for mail in server.mails if "text/calendar" in mail.as_string()]
        method, event = calendar(server)
        assert (method, event["organizer"]) == ("CANCEL", f"mailto:{ERIKA.email}")
        assert HANAKO["contact"]["email"] not in "".join(mail.as_string() for mail in server.mails)


def test_a_mail_that_could_not_be_sent_is_tried_again(now: datetime) -> None:
    world = World(now)
    cast.user(Role.MANAGER)
    world.asked_from_there(now)
    with mail_server() as server:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
            assert tell(now=now) == 0
        assert [to for to, _subject, _text in post(server, now)] == ["manager@munich.example"]
