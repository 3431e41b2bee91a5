"""Before an agreement ends its managers get a mail, in their language and once at each of the days."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from kakehashi.accounts.viewer import Role
from kakehashi.agreements import jobs, terms
from kakehashi.agreements.models import Agreement
from kakehashi.audit import queries as audit
from tests import cast
from tests.accounts.smtp import MailServer, mail_server, text
from tests.agreements import partnership

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(settings: Settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def remind(at: datetime) -> None:
    (job,) = [job for job in jobs.jobs() if job.name == "agreements.remind"]
    job.run(at)


def ending(now: datetime) -> Agreement:
    cast.user(Role.MANAGER, email="leitung@munich.example", language="de")
    cast.user(Role.OPERATOR, email="unei@munich.example", language="ja")
    cast.user(Role.EDITOR, email="editor@munich.example", language="en")
    return partnership.active(now)


def test_each_manager_is_reminded_in_their_language_once_at_each_of_the_days(
    now: datetime, mails: MailServer
) -> None:
    agreement = ending(now)
    remind(agreement.ends - timedelta(days=181))
    assert mails.mails == []
    for days in terms.REMINDER_DAYS:
        for later in (0, 1, 50):  # hours: the job runs again and again
            remind(agreement.ends - timedelta(days=days) + timedelta(hours=later))
    assert sorted({mail["To"] for mail in mails.mails}) == ["leitung@munich.example", "unei@munich.example"]
    german = [mail for mail in mails.mails if mail["To"] == "leitung@munich.example"]
    assert [mail["Subject"] for mail in german] == [
        f"Eine Vereinbarung endet in {days} Tagen" for days in terms.REMINDER_DAYS
    ]
    assert "Verlängerung" in text(german[0])
    assert f"/de/agreements/{agreement.hash.removeprefix('sha256-')[:16]}/" in text(german[0])
    (japanese, *_) = [mail for mail in mails.mails if mail["To"] == "unei@munich.example"]
    assert japanese["Subject"] == "協定があと180日で終了します"
    assert "更新を提案" in text(japanese)
    assert not [mail for mail in mails.mails if "<" in text(mail)]


def test_whoever_was_away_for_months_gets_the_latest_reminder_alone(now: datetime, mails: MailServer) -> None:
    agreement = ending(now)
    remind(agreement.ends - timedelta(days=5))
    assert [mail["Subject"] for mail in mails.mails[:1]] == ["Eine Vereinbarung endet in 5 Tagen"]
    assert len(mails.mails) == 2
    remind(agreement.ends + timedelta(days=1))
    assert len(mails.mails) == 2


def test_a_reminder_that_no_mail_server_took_is_sent_when_one_is_there(
    now: datetime, settings: Settings
) -> None:
    agreement = ending(now)
    at = agreement.ends - timedelta(days=30)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as gone:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", gone.port
    remind(at)
    agreement.refresh_from_db()
    assert agreement.reminded == []
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        remind(at + timedelta(hours=1))
        assert len(server.mails) == 2
    agreement.refresh_from_db()
    assert agreement.reminded == [30]


def test_the_audit_says_that_managers_were_reminded(now: datetime, mails: MailServer) -> None:
    agreement = ending(now)
    remind(agreement.ends - timedelta(days=7))
    (entry,) = [e for e in audit.entries(cast.MANAGER) if e.action == "agreements.reminded"]
    assert entry.object == agreement.hash
