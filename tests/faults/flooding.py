"""What the test of floods has a node do: ask a partner far too often, or now and then."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any


def many(origin: str, rate: int, seconds: float, senders: int) -> dict[str, Any]:
    """`rate` requests a second, or as many as the machine manages; gives how many came back with what."""
    ask, begun, turns = asker(origin), time.monotonic(), count()
    found: Counter[int] = Counter()

    def send() -> None:
        while (due := next(turns) / rate) < seconds and time.monotonic() - begun < seconds:
            time.sleep(max(0.0, begun + due - time.monotonic()))
            found[ask()] += 1

    with ThreadPoolExecutor(senders) as pool:
        for sender in [pool.submit(send) for _ in range(senders)]:
            sender.result()
    return {"statuses": found, "seconds": time.monotonic() - begun}


def few(origin: str, pause: float, seconds: float) -> list[tuple[int, float]]:
    """One request after the other; gives status and seconds of each."""
    ask, end, found = asker(origin), time.monotonic() + seconds, []
    while time.monotonic() < end:
        begun = time.monotonic()
        found.append((ask(), time.monotonic() - begun))
        time.sleep(pause)
    return found


def asker(origin: str) -> Any:
    """A function that asks how the partner's log stands, signed, and gives the status of the answer."""
    from kakehashi import clock
    from kakehashi.exchange import jobs
    from kakehashi.exchange.actions import keysets
    from kakehashi.exchange.models import Channel

    known = keysets.latest(origin)
    assert known is not None
    name = Channel.objects.get(own=False, origin=origin).name
    client, url = jobs.client(), f"{known.base}/channels/{name}"
    signer = client.signer()
    client.signer = lambda: signer  # threads ask no database

    def ask() -> int:
        with client.request("GET", url, now=clock.now()) as answer:
            answer.read()
            return answer.status

    return ask
