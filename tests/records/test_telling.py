"""An organisation approves what its cluster has checked, and is told of it and of the end by mail, once."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.errors import NotAllowed
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record
from kakehashi.records.telling import tell
from tests import cast
from tests.accounts.smtp import MailServer, mail_server, text

pytestmark = pytest.mark.django_db


def waiting(now: datetime) -> tuple[Record, Viewer]:
    """An offer that waits for its organisation's approval, and a member of that."""
    owner = cast.organisation(now)
    person = cast.user(Role.MEMBER, organisation=owner.id, language="ja")
    record = actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner), now=now)
    actions.set_level(viewer=cast.EDITOR, record_id=record.id, audience="public", now=now)
    for state in (State.IN_REVIEW, State.CLIENT_APPROVAL):
        actions.move(viewer=cast.EDITOR, record_id=record.id, to=state, now=now)
    return record, Viewer(role=Role.MEMBER, organisation=owner.id, actor=person.email)


def server(settings: Settings, found: MailServer) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port


def test_a_member_approves_what_was_checked_and_it_is_published(now: datetime) -> None:
    record, member = waiting(now)
    moved = actions.move(viewer=member, record_id=record.id, to=State.PUBLISHED, now=now)
    assert moved.state == State.PUBLISHED


def test_a_member_publishes_nothing_that_was_not_checked(now: datetime) -> None:
    record, member = waiting(now)
    actions.move(viewer=member, record_id=record.id, to=State.IN_REVIEW, now=now)
    with pytest.raises(NotAllowed):
        actions.move(viewer=member, record_id=record.id, to=State.PUBLISHED, now=now)


def test_what_a_member_changes_instead_of_approving_is_checked_again(now: datetime) -> None:
    record, member = waiting(now)
    body = {**cast.offer_body(Record.objects.get(pk=member.organisation)), "trl": 4}
    revised = actions.revise(viewer=member, record_id=record.id, body=body, now=now)
    assert revised.state == State.IN_REVIEW
    with pytest.raises(NotAllowed):
        actions.move(viewer=member, record_id=record.id, to=State.PUBLISHED, now=now)


def test_the_organisation_is_asked_by_mail_once_for_each_wording(now: datetime, settings: Settings) -> None:
    record, _member = waiting(now)
    with mail_server() as found:
        server(settings, found)
        assert (tell(now=now), tell(now=now)) == (1, 0)
        (mail,) = found.mails
        assert mail["Subject"].strip().startswith("ご承認のお願い：")
        assert str(record.id) in text(mail)
        actions.revise(
            viewer=cast.EDITOR,
            record_id=record.id,
            body={**record.revisions.get(number=record.revision).body, "trl": 5},
            now=now,
        )
        assert tell(now=now) == 1


def test_the_end_is_told_two_weeks_before_and_on_the_day(now: datetime, settings: Settings) -> None:
    record, member = waiting(now)
    actions.move(viewer=member, record_id=record.id, to=State.PUBLISHED, now=now)
    ends = now + timedelta(days=365)
    with mail_server() as found:
        server(settings, found)
        assert tell(now=ends - timedelta(days=15)) == 0
        assert tell(now=ends - timedelta(days=13)) == 1
        assert tell(now=ends - timedelta(days=2)) == 0
        actions.expire_due(now=ends)
        assert tell(now=ends + timedelta(hours=1)) == 1
        assert "延長" in text(found.mails[0])
        assert found.mails[1]["Subject"].strip().startswith("期限切れ：")


def test_a_mail_that_could_not_be_sent_is_tried_again(now: datetime, settings: Settings) -> None:
    waiting(now)
    with mail_server() as found:
        server(settings, found)
    assert tell(now=now) == 0  # the server is gone
    with mail_server() as again:
        server(settings, again)
        assert tell(now=now) == 1
