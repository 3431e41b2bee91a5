"""The worker's part: contacts follow both yeses at once, and people are told what waits for them."""

from datetime import timedelta

from kakehashi import this
from kakehashi.introductions.actions import forget_wordings, keep_contacts
from kakehashi.introductions.demonstration import play
from kakehashi.introductions.telling import tell
from kakehashi.work.loop import Job


def jobs() -> list[Job]:
    played = (
        [Job("introductions.play", timedelta(seconds=5), lambda now: play(now=now))]
        if this.node().demo
        else []
    )
    return [
        *played,
        Job("introductions.contacts", timedelta(seconds=30), lambda now: keep_contacts(now=now)),
        Job("introductions.wordings", timedelta(minutes=5), lambda now: forget_wordings(now=now)),
        Job("introductions.tell", timedelta(seconds=30), lambda now: tell(now=now), wakes=False),
    ]
