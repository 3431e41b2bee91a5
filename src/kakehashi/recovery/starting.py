"""What the web process does at its start, beside serving: ask, and check, before anything is written."""

import threading
import time

from django.db import connection

from kakehashi import clock
from kakehashi.exchange.jobs import client
from kakehashi.recovery import actions

PAUSE = 2.0  # seconds between two rounds of asking


def start() -> threading.Thread:
    """Own logs wait from now on; a thread of its own asks the partners until none waits any more."""
    actions.begin(now=clock.now())
    thread = threading.Thread(target=_settle, name="recovery", daemon=True)
    thread.start()
    return thread


def _settle() -> None:
    try:
        actions.check(now=clock.now())
        while actions.settle(client(), clock.now):
            time.sleep(PAUSE)
    finally:
        connection.close()
