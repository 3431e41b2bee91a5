"""Kill -9 of reader and origin at random moments; after each, the tables are whole and agree (F1, F2).

`python -m tests.faults.kills --cases 2000 --state FILE`: half of the cases kill the origin as it publishes,
the others the reader while it applies. Two real nodes; each case is a process of its own, killed for good.
"""

import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.faults import long
from tests.two_nodes.nodes import Running, two_nodes

FRESH_AFTER = 100  # cases
LONGEST = 0.5  # seconds until the kill
PATIENCE = 300  # seconds; the limit is counted by the minute
DEEDS = "tests.faults.deeds."
READ: dict[str, Any] = {"what": "pull"}
PUBLISH: dict[str, Any] = {"what": "publish", "region": "JP-27", "offers": 5}


class Kills:
    """Kills on one pair of nodes; the outcome says whom it hit and whether it came too late."""

    def __init__(self, running: Running) -> None:
        self.running = running

    def case(self, rng: random.Random) -> str:
        side, facts = rng.choice([("munich", READ), ("osaka", PUBLISH)])
        if side == "munich":
            self.running.do("osaka", "publish", name=name(rng), region="JP-27", offers=rng.randint(1, 5))
        else:
            facts = {**facts, "name": name(rng)}
        over = self.running.do(side, DEEDS + "killed", after=rng.uniform(0, LONGEST), **facts)
        self.running.do(side, "invariants")
        return f"{side} {'had ended' if over else 'killed'}"


class OnFreshNodes:
    """The same, on new nodes now and then: invariants read whole logs, and logs grow."""

    def __init__(self, home: Path) -> None:
        self.home, self.cases, self.stack = home, 0, ExitStack()

    def case(self, rng: random.Random) -> str:
        if self.cases % FRESH_AFTER == 0:
            self.stack.close()
            self.kills = Kills(self.stack.enter_context(two_nodes(self.home / str(self.cases))))
            self.stack.callback(settle, self.kills.running)
        self.cases += 1
        return self.kills.case(rng)


def settle(running: Running) -> None:
    """What was begun arrives: the reader has all of the log, and shows all that the origin shows."""
    feed = read(running)
    (channel,) = running.do("osaka", "channels")
    assert (feed["code"], feed["refused"], feed["size"]) == ("", [], channel["size"]), (feed, channel)
    for side in ("munich", "osaka"):
        running.do(side, "invariants")
    assert running.do("munich", "seen") == running.do("osaka", "own_titles")


def read(running: Running, side: str = "munich") -> dict[str, Any]:
    """A reader's feed after a try that the agreement granted: cases ask faster than its limit allows."""
    until = time.monotonic() + PATIENCE
    while True:
        running.do(side, "forgive")
        (feed,) = running.do(side, "pull")
        if feed["code"] != "rate-limited" or time.monotonic() > until:
            return feed
        time.sleep(1)


def name(rng: random.Random) -> str:
    return f"大阪製薬 {rng.randrange(10**9)}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        fresh = OnFreshNodes(Path(home))
        with fresh.stack:
            code = long.main(__doc__ or "", fresh.case, cases=2000)
    raise SystemExit(code)
