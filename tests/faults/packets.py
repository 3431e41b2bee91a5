"""Packets that are really lost, and a narrow line, in a network of the test's own (F9). Linux, as root.

`unshare --net python -m tests.faults.packets --cases 60 --state FILE`: nftables drops packets of the loopback
device at random, `tc tbf` narrows it; its MTU is that of Ethernet. One kind of case cuts the nodes off from
each other for a day of the reader's clock. Delay is not made here: `netem` is not in every kernel.
"""

import random
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.faults import long
from tests.faults.kills import DEEDS, name, settle
from tests.two_nodes import nodes
from tests.two_nodes.nodes import Running, two_nodes

TRIES = 3  # while the line is bad
A_DAY = 24
SLOT = 150  # seconds: half of the longest pause is the least that is drawn
WARMING_UP = 10  # tries before the pauses are long
TABLE = "add table inet bad; add chain inet bad in { type filter hook input priority 0 ; }"
LOST = "flush chain inet bad in; add rule inet bad in meta l4proto tcp {} drop"


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def begin() -> None:
    """The loopback device of this network, so far as good as any."""
    run("ip", "link", "set", "lo", "mtu", "1500", "up")
    run("nft", TABLE)


def lose(percent: int) -> None:
    run("nft", LOST.format("" if percent == 100 else f"numgen random mod 100 < {percent}"))


def narrow(rate: str) -> None:
    run("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", rate, "burst", "3000", "latency", "2s")


def mend() -> None:
    run("nft", "flush chain inet bad in")
    subprocess.run(["tc", "qdisc", "del", "dev", "lo", "root"], capture_output=True, check=False)


WEATHER: dict[str, Callable[[], None]] = {
    "1 % lost": lambda: lose(1),
    "5 % lost": lambda: lose(5),
    "20 % lost": lambda: lose(20),
    "all lost": lambda: lose(100),
    "64 kbit/s": lambda: narrow("64kbit"),
}
DAY_APART = "a day apart"


class Packets:
    """Munich reads Osaka over a line that loses packets."""

    def __init__(self, running: Running) -> None:
        self.running = running

    def case(self, rng: random.Random) -> str:
        kind = rng.choice([*WEATHER, DAY_APART])
        offers = rng.randint(1, 20)
        self.running.do("osaka", "publish", name=name(rng), region="JP-27", offers=offers)
        if kind == DAY_APART:
            self.day_apart()
        else:
            self.bad_line(kind)
        settle(self.running)
        return kind

    def bad_line(self, kind: str) -> None:
        WEATHER[kind]()
        try:
            for _ in range(1 if kind == "all lost" else TRIES):
                self.running.do("munich", "forgive")
                (feed,) = self.running.do("munich", "pull")
                assert feed["code"] in ("", "unreachable", "too-slow", "keyset-stale"), feed
                assert feed["state"] == "open", feed
                assert kind != "all lost" or feed["code"] == "unreachable", feed
        finally:
            mend()

    def day_apart(self) -> None:
        """For a day nobody answers; the reader asks once in each pause, and goes on asking."""
        self.running.stop("osaka")
        try:
            tries = self.running.do("munich", DEEDS + "apart", hours=A_DAY)
        finally:
            self.running.start("osaka")
        assert A_DAY * 3600 / (2 * SLOT) <= tries <= A_DAY * 3600 / SLOT + WARMING_UP, tries


if __name__ == "__main__":
    begin()
    nodes.PATIENCE = 600  # for a web process to start: the machine may have other things to do
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        packets = Packets(stack.enter_context(two_nodes(Path(home))))
        code = long.main(__doc__ or "", packets.case, cases=60)
    raise SystemExit(code)
