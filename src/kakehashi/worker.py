"""The worker process of one node: `python -m kakehashi.worker`, the node named by KAKEHASHI_NODE."""

import os
import signal
import threading
from importlib import import_module

import django

from kakehashi.bridge import leash

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")

FEATURES = (
    *("accounts", "recovery", "records", "agreements", "exchange"),
    *("proving", "outlets", "importers", "matching", "sme", "introductions", "missions"),
)


def main() -> None:
    """Run every feature's due work until told to stop."""
    leash.hold()
    django.setup()
    memory = import_module("kakehashi.work.memory")
    memory.live_small()
    loop, wake = import_module("kakehashi.work.loop"), import_module("kakehashi.work.wake")
    clock, erasing = import_module("kakehashi.clock"), import_module("kakehashi.exchange.actions.erasing")
    erasing.replay(now=clock.now())  # a database put back from a backup must not open before
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: threading.Thread(target=stop.set).start())  # it may hold the lock
    jobs = [job for feature in FEATURES for job in import_module(f"kakehashi.{feature}.jobs").jobs()]
    memory.look_rarely()
    loop.run_forever(jobs, stop, watch=wake.watch)


if __name__ == "__main__":
    main()
