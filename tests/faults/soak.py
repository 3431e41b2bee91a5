"""Two nodes under mixed load with a fault now and then: what was given always arrives, nothing grows (F16).

`python -m tests.faults.soak --for 45m --state FILE`; a case is one round of giving, taking back, reading.
"""

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import psutil

from tests.faults import long
from tests.faults.kills import DEEDS, read
from tests.two_nodes.nodes import Helper, Running, two_nodes

WARM = 20  # rounds between two looks at memory and open files
FAULTS = 0.1
TRIES = 5  # a request may run out of time while the machine has other things to do
SIDES = ("munich", "osaka")
REGIONS = {"munich": "DE-BY", "osaka": "JP-27"}


class Held(NamedTuple):
    """MiB without what is mapped from files (the kernel may take the database's pages back), MiB with the
    share of what is mapped (PSS), and open files."""

    own: float
    pss: float
    files: int


class Soak:
    """One pair of nodes for the whole sitting; `faults` is the share of rounds with one."""

    def __init__(self, running: Running, faults: float = FAULTS) -> None:
        self.running, self.faults, self.rounds = running, faults, 0
        self.offers: dict[str, list[str]] = {side: [] for side in SIDES}
        self.held: list[dict[str, Held]] = []

    def case(self, rng: random.Random) -> str:
        self.rounds += 1
        for side in SIDES:
            self.load(rng, side)
        fault = rng.choice(list(FAULT)) if rng.random() < self.faults else ""
        if fault:
            FAULT[fault](self.running, rng.choice(SIDES), rng)
        for side in SIDES:
            self.caught_up(side)
        if self.rounds % 10 == 0:
            for side in SIDES:
                self.look(side, "invariants")
        if self.rounds % WARM == 0:
            self.held.append({side: self.holds(side) for side in SIDES})
        return fault or "quiet"

    def load(self, rng: random.Random, side: str) -> None:
        """Up to three new offers, and one of the old ones taken back."""
        label = f"{side} {self.rounds}"
        _, *made = self.running.do(
            side, "publish", name=label, region=REGIONS[side], offers=rng.randint(0, 3)
        )
        self.offers[side] += made
        if self.offers[side] and rng.random() < 0.5:
            gone = self.offers[side].pop(rng.randrange(len(self.offers[side])))
            self.running.do(side, "move", record=gone, to="withdrawn")

    def caught_up(self, side: str) -> None:
        """This side reads, and has and shows all that the other gives."""
        other = next(name for name in SIDES if name != side)
        for _ in range(TRIES):
            feed = read(self.running, side)
            (channel,) = self.running.do(other, "channels")
            if (feed["code"], feed["size"]) == ("", channel["size"]):
                break
        else:
            raise AssertionError(f"{side} has not caught up: {feed}, {channel}")
        seen, given = self.look(side, "seen"), self.look(other, "own_titles")
        assert seen == given, f"{side}: {len(seen)} shown of {len(given)}"

    def look(self, side: str, action: str) -> Any:
        """What a process of the test's own sees of a node: it reads all there is, which must not count."""
        name = f"{side} as it is"
        if name not in self.running.helpers:
            self.running.helpers[name] = Helper(self.running, side)
        return self.running.helpers[name].do(action)

    def holds(self, side: str) -> Held:
        """What the helper holds: the process that does all the writing and reading."""
        process = psutil.Process(self.running.helpers[side].process.pid)
        memory = process.memory_full_info()
        own = memory.rss - getattr(memory, "shared", 0)  # only Linux tells them apart
        return Held(own / 2**20, getattr(memory, "pss", memory.rss) / 2**20, process.num_fds())

    def report(self) -> str:
        """How memory and open files moved from the warm-up to the end, and what they were at most."""
        if not self.held:
            return f"fewer than {WARM} rounds: memory was not looked at"
        lines = [f"looked at every {WARM} rounds, {len(self.held)} times"]
        for side in SIDES:
            for number, what in enumerate(("MiB own", "MiB PSS", "open files")):
                row = [held[side][number] for held in self.held]
                thirds = max(1, len(row) // 3)
                first, last = fmean(row[:thirds]), fmean(row[-thirds:])
                lines.append(
                    f"{side}: {what}: {row[0]:.0f} at first, {row[-1]:.0f} at last, {max(row):.0f} at most; "
                    f"last third over first third {100 * (last / first - 1):+.1f} %"
                )
        return "\n".join(lines)


def web_killed(running: Running, side: str, rng: random.Random) -> None:
    running.stop(side, kill=True)
    running.start(side)


def reader_killed(running: Running, side: str, rng: random.Random) -> None:
    running.do(side, DEEDS + "killed", what="pull", after=rng.uniform(0, 0.5))


def partner_away(running: Running, side: str, rng: random.Random) -> None:
    """The web process is away while the other side tries to read."""
    other = next(name for name in SIDES if name != side)
    running.stop(side)
    (feed,) = running.do(other, "pull")
    running.start(side)
    assert feed["code"] == "unreachable", feed


def writer_killed(running: Running, side: str, rng: random.Random) -> None:
    facts = {"name": f"{side} {rng.random()}", "region": REGIONS[side], "offers": 3}
    running.do(side, DEEDS + "killed", what="publish", after=rng.uniform(0, 0.5), **facts)


FAULT: dict[str, Callable[[Running, str, random.Random], None]] = {
    "web killed": web_killed,
    "reader killed": reader_killed,
    "writer killed": writer_killed,
    "partner away": partner_away,
}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, two_nodes(Path(home)) as running:
        opened = Soak(running)
        code = long.main(__doc__ or "", opened.case, cases=10**9)
        print(opened.report())
    raise SystemExit(code)
