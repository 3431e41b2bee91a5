"""The worker's part: channels follow agreements, partners are read by one thread each, deliveries go out."""

import logging
import threading
import time
from datetime import datetime, timedelta
from functools import cache

from django.db import connection
from django.db.models import Q

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.errors import NotFound
from kakehashi.exchange import pulling
from kakehashi.exchange.actions import channels, ending, erasing, feeding, scrubbing, showing
from kakehashi.exchange.ahead import Ahead
from kakehashi.exchange.buckets import Buckets
from kakehashi.exchange.client import Client, check_at_start
from kakehashi.exchange.models import Channel
from kakehashi.exchange.queries import GRACE_DAYS, is_over, requests_per_minute
from kakehashi.exchange.trusting import own_signer
from kakehashi.work.loop import Job

log = logging.getLogger(__name__)
AFTER_TROUBLE = 5.0
SHORTEST = 1.0  # seconds between two answers without entries


def jobs() -> list[Job]:
    node = this.node()
    check_at_start(node, demo=node.demo)
    return [
        Job("exchange.channels", timedelta(seconds=30), follow_agreements),
        Job("exchange.deliver", timedelta(seconds=1), deliver),
        Job("exchange.read", timedelta(seconds=1), read_partners),
        Job("exchange.keysets", timedelta(minutes=1), refresh_keysets),
        Job("exchange.recheck", timedelta(minutes=1), lambda now: showing.recheck(now=now), wakes=False),
        Job("exchange.scrub", timedelta(minutes=1), lambda now: scrubbing.scrub(now=now)),
        Job("exchange.expire", timedelta(hours=1), lambda now: ending.expire_parts(now=now), wakes=False),
        Job("exchange.purge", timedelta(minutes=1), purge, wakes=False),
        Job("exchange.late", timedelta(minutes=1), tell_late, wakes=False),
    ]


def follow_agreements(now: datetime) -> int:
    """Open, fill, switch and close channels."""
    return channels.close_due_channels(now=now) + channels.open_due_channels(now=now)


def deliver(now: datetime) -> int:
    """Send what agreements have for partners."""
    return sum(pulling.deliver(client(), delivery, now) for delivery in agreements.due_deliveries(now))


def tell_late(now: datetime) -> int:
    """Erasures past their deadline, and partners who sign nothing any more."""
    return erasing.tell_late(now=now) + feeding.tell_silent(now=now)


def purge(now: datetime) -> int:
    """Delete copies under agreements that are over, and tell the partners so."""
    due = ending.purge_due(now=now)
    return due + sum(pulling.send_purge(client(), row, now) for row in ending.unsent())


def refresh_keysets(now: datetime) -> int:
    """Fetch the key sets of confirmed partners that are unknown or a day old."""
    partners = agreements.partners(WORKER).filter(fingerprint_confirmed_at__isnull=False, suspended=False)
    due = [p.node for p in partners if pulling.keys_due(p.node, now) and RETRIES.pause(p.node, now, 2) == 0]
    return sum(pulling.refresh(client(), node, now) is not None for node in due)


def read_partners(now: datetime) -> int:
    """See that every channel that is due has a thread that reads it."""
    due = [channel.name for channel in due_channels(now)]
    return sum(ATTENDANTS.attend(name) for name in due)


def due_channels(now: datetime) -> list[Channel]:
    """Partners' channels that may be read now: in force or just over, nobody suspended, no pause."""
    waiting = Q(feed__next_try__isnull=True) | Q(feed__next_try__lte=now)
    rows = Channel.objects.filter(waiting, own=False, state="open").select_related("feed").order_by("name")
    return [channel for channel in rows if _may_read(channel, now)]


def _may_read(channel: Channel, now: datetime) -> bool:
    try:
        standing = agreements.current(WORKER, channel.lineage)
        suspended = standing["suspended"] or agreements.partner(WORKER, channel.origin).suspended
    except NotFound:
        return False
    return not suspended and not (
        is_over(standing, now) and now > standing["ends"] + timedelta(days=GRACE_DAYS)
    )


class Attendants:
    """One thread for each channel that is read; it ends when reading fails or is no longer allowed."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}

    def attend(self, name: str) -> bool:
        """Start reading `name` unless somebody does; True if a thread was started."""
        present = self._threads.get(name)
        if present is not None and present.is_alive():
            return False
        thread = threading.Thread(target=self._read, args=(name,), name=f"read {name}", daemon=True)
        self._threads[name] = thread
        thread.start()
        return True

    def _read(self, name: str) -> None:
        ahead = Ahead()
        try:
            while any(channel.name == name for channel in due_channels(clock.now())):
                began = time.monotonic()
                self._pace(name)
                if not pulling.pull(client(), name, clock.now, ahead=ahead):
                    time.sleep(max(0.0, SHORTEST - (time.monotonic() - began)))
        except Exception:  # the job starts another one; the others go on
            log.exception("reading %s", name)
            time.sleep(AFTER_TROUBLE)
        finally:
            connection.close()

    def _pace(self, name: str) -> None:
        """Stay below what the agreement grants: the partner would refuse the rest."""
        now, origin = clock.now(), name.partition("/")[0]
        time.sleep(PACE.pause(origin, now, max(1, requests_per_minute(origin, now) * 3 // 4)))


@cache
def client() -> Client:
    """The one client of this process."""
    node = this.node()
    return Client(node, demo=node.demo, signer=lambda: own_signer("http"))


ATTENDANTS = Attendants()
PACE, RETRIES = Buckets(), Buckets()
