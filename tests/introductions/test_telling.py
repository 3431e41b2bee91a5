"""Nobody is left in silence: who acts next is told, then reminded, then those above; once, by real mail."""

from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from kakehashi.accounts.viewer import Role
from kakehashi.introductions import actions
from kakehashi.introductions.derive import derive
from kakehashi.introductions.notices import due
from kakehashi.introductions.telling import tell
from tests import cast
from tests.accounts.smtp import MailServer, mail_server, text
from tests.exchange.origin import HERE
from tests.introductions.test_derive import ACCEPTED, CHECKED, INTEREST, PASSED, START
from tests.introductions.world import World

pytestmark = pytest.mark.django_db


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


def test_a_mail_that_could_not_be_sent_is_tried_again(now: datetime) -> None:
    world = World(now)
    cast.user(Role.MANAGER)
    world.asked_from_there(now)
    with mail_server() as server:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
            assert tell(now=now) == 0
        assert [to for to, _subject, _text in post(server, now)] == ["manager@munich.example"]
