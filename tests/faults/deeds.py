"""What the tests of faults have a node do in a process that is killed, or cut short at one of its writes."""

import ctypes
import os
import signal
import time
from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from tests.two_nodes import act

DONE, REFUSED = 0, 3  # how a child ends that was not killed
PATIENCE = 300  # seconds


def forget_connections() -> None:
    """What a child process has of its parent's connections to the partner: answers would be mixed up."""
    from kakehashi.exchange import jobs

    jobs.client.cache_clear()


def killed(what: str, after: float, **arguments: Any) -> bool:
    """Do it in a child process that is killed after so many seconds; True if it had ended by itself."""
    from django.db import connections

    connections.close_all()  # a connection must not be in two processes
    child = os.fork()
    if child == 0:
        done = 1
        try:
            forget_connections()
            act.named(what)(**arguments)
            done = 0
        finally:
            os._exit(done)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "it failed before it was killed"
    return os.WIFEXITED(status)


def cut(what: str, at: int, how: int, amount: int = 0, **arguments: Any) -> dict[str, Any]:
    """Do it in a child process that is killed, or whose write fails, at its `at`-th write to a file.

    Gives how it ended, how many writes it made unless it was killed, and the seconds that it took.
    """
    from django.db import connections

    connections.close_all()  # a connection must not be in two processes
    began, (ours, theirs) = time.monotonic(), os.pipe()
    child = os.fork()
    if child == 0:
        _do(theirs, what, at, how, amount, arguments)
    os.close(theirs)
    _, status, used = os.wait4(child, 0)
    with open(ours) as counted:
        writes = int(counted.read() or 0)
    ended = {DONE: "done", REFUSED: "refused"}.get(os.waitstatus_to_exitcode(status), "killed")
    cpu = used.ru_utime + used.ru_stime
    return {"ended": ended, "writes": writes, "cpu": cpu, "seconds": time.monotonic() - began}


def _do(told: int, what: str, at: int, how: int, amount: int, arguments: dict[str, Any]) -> None:
    shim, ended = ctypes.CDLL(os.environ["LD_PRELOAD"]), REFUSED
    shim.made.restype = ctypes.c_long
    try:
        forget_connections()
        shim.arm(ctypes.c_long(at), how, ctypes.c_long(amount))
        act.named(what)(**arguments)
        ended = DONE
    finally:
        os.write(told, str(shim.made()).encode())
        os._exit(ended)


def restart() -> dict[str, str]:
    """What a node does at its start: replay the erase list, check, ask the partners, go on."""
    from kakehashi import clock
    from kakehashi.exchange import jobs
    from kakehashi.exchange.actions import erasing
    from kakehashi.recovery import actions

    now = clock.now()
    erasing.replay(now=now)
    actions.begin(now=now)
    assert actions.check(now=now) == []
    for _ in range(PATIENCE):  # cases that follow each other fast meet the partner's limit of requests
        if not (waiting := actions.settle(jobs.client(), clock.now, impatient=False)):
            break
        time.sleep(1)
    return waiting


def revise(record: str, title: str) -> None:
    """A new wording of an offer."""
    from kakehashi import clock
    from kakehashi.records import actions, queries
    from kakehashi.translation.texts import original
    from tests import cast

    now = clock.now()
    latest = queries.latest(cast.EDITOR, queries.own_record(cast.EDITOR, UUID(record)))
    body = {**latest.body, "title": {"de": original(title)}}
    actions.revise(
        viewer=cast.EDITOR, record_id=UUID(record), body=body, person=latest.person, overrule=True, now=now
    )


def receipt(name: str) -> str:
    """The receipt that this reader would send now."""
    from kakehashi import clock
    from kakehashi.exchange.actions import feeding
    from kakehashi.exchange.models import Channel

    return b64encode(feeding.make_receipt(Channel.objects.get(pk=name), clock.now())).decode()


def take_receipt(name: str, data: str) -> None:
    """A reader's receipt arrives at the origin."""
    from kakehashi import clock
    from kakehashi.exchange import queries
    from kakehashi.exchange.actions import feeding
    from kakehashi.exchange.models import Channel

    channel = Channel.objects.get(pk=name)
    (peer,) = queries.readers(channel)
    feeding.take_receipt(channel=channel, peer=peer, data=b64decode(data), now=clock.now())


def read() -> None:
    """Read every channel without acknowledging anything."""
    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling
    from kakehashi.exchange.actions import applying
    from kakehashi.exchange.models import Channel

    for channel in Channel.objects.filter(own=False).select_related("feed"):
        keys = pulling.known_keys(channel.origin)
        page = pulling.fetch(jobs.client(), channel, keys, clock.now(), wait=0)
        applying.apply_page(name=channel.name, page=page, now=clock.now())


def apart(hours: int) -> int:
    """Try to read for so many hours of a clock that leaps from each try to the next; gives how many."""
    from datetime import timedelta

    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling
    from kakehashi.exchange.models import Channel, Feed

    (name,) = Channel.objects.filter(own=False).values_list("pk", flat=True)
    now = clock.now()
    end, tries = now + timedelta(hours=hours), 0
    while now < end:
        assert [channel.name for channel in jobs.due_channels(now)] == [name]
        assert pulling.pull(jobs.client(), name, lambda at=now: at, wait=0) == 0  # type: ignore[misc]
        feed = Feed.objects.get(pk=name)
        assert feed.code == "unreachable", feed.code
        assert feed.next_try is not None
        assert jobs.due_channels(feed.next_try - timedelta(milliseconds=1)) == []
        now, tries = feed.next_try, tries + 1
    return tries
