"""Nobody is left in silence: who acts next is told, then reminded, then those above; once, by real mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import override_settings
from icalendar import Calendar

from kakehashi.accounts.viewer import Role
from kakehashi.introductions import actions
from kakehashi.introductions.derive import derive
from kakehashi.introductions.notices import due
from kakehashi.introductions.telling import tell
from tests import cast
from tests.accounts.smtp import MailServer, mail_server, text
from tests.exchange.origin import HERE
from tests.introductions.test_derive import ACCEPTED, CHECKED, DEAL, INTEREST, MEETING, PASSED, START
from tests.introductions.world import ERIKA, HANAKO, World

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
    world = World(now)
    cast.user(Role.MEMBER, world.isar.id, language="ja")
    key = world.checked()
    world.says("reply", "accepted", key, now, person=HANAKO)
    actions.keep_contacts(now=now)
    start = datetime(2027, 2, 1, 8, tzinfo=UTC)
    when = {"start": start, "minutes": 60, "place": "Umeda", "zones": ("Europe/Berlin", "Asia/Tokyo")}
    with mail_server() as server:
        post(server, now)
        actions.arrange(viewer=world.member, interest=key, now=now, **when)
        told = {to: (subject, text) for to, subject, text in post(server, now)}
        assert set(told) == {"member@munich.example", ERIKA.email}  # the contact needs no sign-in
        subject, words = told["member@munich.example"]
        assert subject == "紹介：面談のご案内"
        assert "2027-02-01 17:00–18:00  Asia/Tokyo" in words
        parts = {part.get_content_type(): part for part in server.mails[0].walk()}
        invitation = parts["text/calendar"]
        assert invitation["Content-Type"].params["method"] == "REQUEST"
        calendar = Calendar.from_ical(invitation.get_content())
        assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == {"Europe/Berlin", "Asia/Tokyo"}
        (event,) = calendar.walk("VEVENT")
        assert event["dtstart"].dt == start
        assert event["organizer"] == f"mailto:{ERIKA.email}"
        assert event["organizer"].params["SENT-BY"] == "mailto:noreply@munich.example"
        assert event["attendee"] == f"mailto:{HANAKO['contact']['email']}"
        assert post(server, now) == []
    past = {**when, "start": now - timedelta(days=2)}
    actions.arrange(viewer=world.member, interest=key, now=now, **past)
    with mail_server() as server:
        assert post(server, now) == []  # nobody is invited to what is over


def test_a_mail_that_could_not_be_sent_is_tried_again(now: datetime) -> None:
    world = World(now)
    cast.user(Role.MANAGER)
    world.asked_from_there(now)
    with mail_server() as server:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
            assert tell(now=now) == 0
        assert [to for to, _subject, _text in post(server, now)] == ["manager@munich.example"]
