"""A reader behind a bad line: it asks at most once in each pause, keeps what holds, and catches up (F9).

`python -m tests.faults.network --cases 200 --state FILE`: a case is a page or more given while the line is
bad in one of the ways of `WEATHER`, and read until it holds again. A real loss of packets shows to the nodes
as delay, and as a connection that breaks; both are here. What cannot be had by a relay is in no case.
"""

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.faults import long
from tests.faults.kills import name, settle
from tests.faults.line import Line, Weather, line
from tests.two_nodes.nodes import Running, two_nodes

TRIES = 4  # in bad weather
CALLS = 3  # connections of one try at most: a page, the next one, and the key set or the receipt
WEATHER = {
    "1 % break": Weather(cut=0.005, reset=0.005),
    "5 % break": Weather(cut=0.03, reset=0.02),
    "20 % break": Weather(cut=0.1, reset=0.1),
    "250 ms, now more, now less": Weather(delay=0.25, jitter=0.1),
    "64 kbit/s": Weather(rate=8000),
    "reset in the middle of a page": Weather(reset=1.0),
    "cut off in the middle of a page": Weather(cut=1.0),
    "a page of a proxy": Weather(login=True),
    "no way": Weather(down=True),
}
CLEAR = Weather()
NOTED = {
    "", "unreachable", "not-canonical", "unsupported-encoding", "index-gap", "too-large", "keyset-stale",
}  # fmt: skip  # what a reader may say of such a line; nothing that stops it


class Network:
    """Munich reads Osaka by the line."""

    def __init__(self, running: Running, by: Line) -> None:
        self.running, self.line = running, by
        running.point("munich", osaka=f"http://127.0.0.1:{by.port}")

    def case(self, rng: random.Random) -> str:
        kind = rng.choice(list(WEATHER))
        self.running.do("osaka", "publish", name=name(rng), region="JP-27", offers=rng.randint(1, 3))
        (before,) = self.running.do("munich", "feeds")
        self.line.weather = WEATHER[kind]
        for _ in range(TRIES):
            self.attempt(before["size"])
        self.line.weather = CLEAR
        self.line.drop()
        settle(self.running)
        return kind

    def attempt(self, least: int) -> None:
        """One try by the bad line; while it pauses after a failure it does not ask at all."""
        self.line.drop()
        self.running.do("munich", "forgive")
        (feed,) = self.running.do("munich", "pull")
        assert feed["code"] in NOTED, feed
        assert feed["state"] == "open", feed
        assert feed["size"] >= least, feed
        if feed["code"]:
            asked = self.line.calls
            self.running.do("munich", "pull")
            assert self.line.calls - asked <= CALLS, "it asks although it should wait"


class OnOneLine:
    """Two nodes with the line between them, for all cases of a sitting."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        running = stack.enter_context(two_nodes(home))
        self.network = Network(running, stack.enter_context(line(running.ports["osaka"], random.Random())))

    def case(self, rng: random.Random) -> str:
        return self.network.case(rng)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        code = long.main(__doc__ or "", OnOneLine(Path(home), stack).case, cases=200)
    raise SystemExit(code)
