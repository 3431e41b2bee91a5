"""The worker's part: sessions that are over are forgotten."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    return [Job("accounts.sessions", timedelta(days=1), clear_sessions, wakes=False)]


def clear_sessions(now: datetime) -> int:
    """Delete expired sessions; how many. Without any, nothing is written."""
    due = Session.objects.filter(expire_date__lt=now).count()
    if due:
        SessionStore.clear_expired()
    return due
