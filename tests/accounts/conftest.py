"""What holds around every test of accounts."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.accounts.smtp import MailServer, mail_server


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> Iterator[None]:
    """Passwords hashed quickly, and rate limits that forget the test before."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
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
