"""What holds around every test of accounts."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.accounts.smtp import MailServer, mail_server


@pytest.fixture(autouse=True)
def _no_limits_of_other_tests() -> Iterator[None]:
    """Rate limits forget the test before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mails(settings: Settings) -> Iterator[MailServer]:
    """A real mail server that the node sends to."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
