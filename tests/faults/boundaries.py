"""Reader and origin killed, or refused by the disk, at each single write that they make (F3, F6).

`python -m tests.faults.boundaries --state FILE` goes through all writes of every kind of work, one process
for each: killed before the write, killed in the middle of it, and told by the system that it failed. It needs
Linux and a C compiler: a small library (boundary.c) stands between the process and the system's calls.
"""

import errno
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import long
from tests.faults.kills import DEEDS, name, settle
from tests.two_nodes.nodes import Helper, Running, two_nodes

KILL, TORN, FAIL, SLOW = 1, 2, 3, 4  # as in boundary.c
NEVER = 2**40
BEFORE = "killed before it"
HOW = {
    BEFORE: (KILL, 0),
    "killed in it": (TORN, 0),
    "disk full": (FAIL, errno.ENOSPC),
    "input/output error": (FAIL, errno.EIO),
    "interrupted": (FAIL, errno.EINTR),
}
FRESH_AFTER = 150  # cases: logs grow, and are read whole after each
SLOWLY = 2000  # ms that each sync takes
BUSY = 0.05  # share of the time in which a process that waits for its disk may use the processor
CC = shutil.which("cc")
POSSIBLE = sys.platform == "linux" and CC is not None
WORKS = {  # what is cut short, and on which side
    "publish": "osaka",
    "revise": "osaka",
    "withdraw": "osaka",
    "erase": "osaka",
    "take receipt": "osaka",
    "scrub own": "osaka",
    "apply and acknowledge": "munich",
    "scrub": "munich",
}
SCRUBBED = "erased.scrubbed"


@dataclass(frozen=True)
class Cut:
    """One case: which work is cut short at which of its writes, and how."""

    work: str
    at: int
    how: str


def plan(writes: dict[str, int]) -> list[Cut]:
    """Killed before every write, one after the other; then all else that can happen to them, mixed."""
    cuts = {how: [Cut(work, at + 1, how) for work in writes for at in range(writes[work])] for how in HOW}
    kills = cuts.pop(BEFORE)
    others = [cut for some in cuts.values() for cut in some]
    random.Random(0).shuffle(others)  # the same order in every sitting
    return kills + others


def library(folder: Path) -> Path:
    """boundary.c, translated."""
    made = folder / "boundary.so"
    source = Path(__file__).with_name("boundary.c")
    command = [str(CC), "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return made


class Boundaries:
    """Works of one pair of nodes, cut short one after the other."""

    def __init__(self, running: Running, shim: Path) -> None:
        self.running = running
        for side in ("munich", "osaka"):
            if side in running.helpers:
                running.helpers.pop(side).stop()
            running.helpers[side] = Helper(running, side, LD_PRELOAD=str(shim))

    def count(self, works: Iterable[str] = WORKS) -> dict[str, int]:
        """How many writes each work makes when nothing disturbs it."""
        return {work: self.cut(random.Random(), Cut(work, NEVER, BEFORE))["writes"] for work in works}

    def case(self, rng: random.Random, cut: Cut) -> str:
        """The work, cut short; what is left must be whole, and a start must bring the node back."""
        side = WORKS[cut.work]
        ended = self.cut(rng, cut)["ended"]
        self.running.do(side, "invariants")
        assert self.running.do(side, DEEDS + "restart") == {}
        self.running.do(side, "invariants")
        return f"{cut.how}: {ended}"

    def cut(self, rng: random.Random, cut: Cut) -> dict[str, Any]:
        how, amount = HOW[cut.how]
        facts = self.ready(rng, cut.work)
        given = {"at": cut.at, "how": how, "amount": amount, **facts}
        return dict(self.running.do(WORKS[cut.work], DEEDS + "cut", **given))

    def slow(self, rng: random.Random, work: str) -> str:
        """The same work on a disk that takes two seconds for each sync: it waits, and does not spin."""
        quick, slow = (self.synced(rng, work, each) for each in (0, SLOWLY))
        assert slow["ended"] == "done", slow
        more = slow["cpu"] - quick["cpu"]
        assert slow["seconds"] < SLOWLY / 1000 or more < BUSY * slow["seconds"], (quick, slow)
        self.running.do(WORKS[work], "invariants")
        return "slow disk: done"

    def synced(self, rng: random.Random, work: str, each: int) -> dict[str, Any]:
        """The work, with so many milliseconds for each sync."""
        given = {"at": NEVER, "how": SLOW, "amount": each, **self.ready(rng, work)}
        return dict(self.running.do(WORKS[work], DEEDS + "cut", **given))

    def ready(self, rng: random.Random, work: str) -> dict[str, Any]:
        """Make ready what the work is about; gives what to do."""
        do = self.running.do
        if "scrub" in work:  # it rests in proportion to the time it took
            (self.running.nodes[WORKS[work]].folder / SCRUBBED).unlink(missing_ok=True)
        if work == "publish":
            return {"what": "publish", "name": name(rng), "region": "JP-27"}
        if work == "scrub":
            self.read()
            do("osaka", "erase", record=self.offer(rng))
            self.read()
            return {"what": "scrub"}
        if work == "scrub own":
            do("osaka", "erase", record=self.offer(rng))
            return {"what": "scrub"}
        offer = self.offer(rng)
        if work == "apply and acknowledge":  # something of everything is on the next page
            others = [self.offer(rng) for _ in range(2)]
            self.read()
            do("osaka", DEEDS + "revise", record=offer, title=name(rng))
            do("osaka", "move", record=others[0], to="withdrawn")
            do("osaka", "erase", record=others[1])
            self.offer(rng)
            return {"what": "pull"}
        if work == "take receipt":
            (channel,) = do("osaka", "channels")
            self.read(quiet=True)
            data = do("munich", DEEDS + "receipt", name=channel["name"])
            return {"what": DEEDS + "take_receipt", "name": channel["name"], "data": data}
        what: dict[str, dict[str, Any]] = {
            "revise": {"what": DEEDS + "revise", "title": name(rng)},
            "withdraw": {"what": "move", "to": "withdrawn"},
            "erase": {"what": "erase"},
        }
        return {**what[work], "record": offer}

    def offer(self, rng: random.Random) -> str:
        _, offer = self.running.do("osaka", "publish", name=name(rng), region="JP-27")
        return str(offer)

    def read(self, quiet: bool = False) -> None:
        """The reader has all; `quiet`: without telling the origin so."""
        self.running.do("munich", "forgive")
        self.running.do("munich", DEEDS + "read" if quiet else "pull")


class OnFreshNodes:
    """All cuts from `begin` on, on new nodes now and then; `kept` has the plan of the first sitting."""

    def __init__(self, home: Path, begin: int, kept: Path | None) -> None:
        self.home, self.number, self.stack = home, begin, ExitStack()
        self.shim, self.made = library(home), 0
        self.fresh()
        known = kept is not None and kept.exists()
        self.writes: dict[str, int] = json.loads(kept.read_text("utf-8")) if known else self.now.count()
        if kept is not None:
            kept.write_text(json.dumps(self.writes), "utf-8")
        self.cuts = plan(self.writes)

    def fresh(self) -> None:
        self.stack.close()
        running = self.stack.enter_context(two_nodes(self.home / str(self.number)))
        self.stack.callback(settle, running)
        self.now, self.made = Boundaries(running, self.shim), 0

    def case(self, rng: random.Random) -> str:
        if self.made == FRESH_AFTER:
            self.fresh()
        self.made, cut = self.made + 1, self.number
        self.number += 1
        if cut >= len(self.cuts):
            return self.now.slow(rng, list(WORKS)[cut - len(self.cuts)])
        return self.now.case(rng, self.cuts[cut])


if __name__ == "__main__":
    asked = long.wanted(__doc__ or "", 0)
    with tempfile.TemporaryDirectory() as home:
        kept = asked.state.with_suffix(".plan") if asked.state else None
        cases = OnFreshNodes(Path(home), long.load(asked).done, kept)
        with cases.stack:
            print(f"{cases.writes}: {len(cases.cuts)} cuts, then each work on a slow disk", flush=True)
            code = long.main(__doc__ or "", cases.case, cases=len(cases.cuts) + len(WORKS))
    raise SystemExit(code)
