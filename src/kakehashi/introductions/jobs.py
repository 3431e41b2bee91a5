"""The worker's part: contacts follow both yeses at once, and people are told what waits for them."""

from datetime import timedelta

from kakehashi.introductions.actions import keep_contacts
from kakehashi.introductions.telling import tell
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    return [
        Job("introductions.contacts", timedelta(seconds=30), lambda now: keep_contacts(now=now)),
        Job("introductions.tell", timedelta(seconds=30), lambda now: tell(now=now), wakes=False),
    ]
