"""What the worker does for accounts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi import clock
from kakehashi.accounts.jobs import clear_sessions

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_forgotten_and_the_others_stay() -> None:
    now = clock.now()
    for key, hours in (("over", -1), ("long over", -900), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=hours))
    assert clear_sessions(now) == 2
    assert [session.session_key for session in Session.objects.all()] == ["open"]
    with CaptureQueriesContext(connection) as asked:
        assert clear_sessions(now) == 0
    assert len(asked) == 1  # nothing is deleted where nothing is due
