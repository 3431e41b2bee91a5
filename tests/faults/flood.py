"""One partner asks 1,000 times a second; another is answered as if nothing were (F15).

`python -m tests.faults.flood --rate 1000 --seconds 60` prints what each was answered, and how fast: three
real nodes, all on this machine, so the flood also takes the processor from those whom it should not disturb.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.faults.canaries import Canaries, three_nodes
from tests.two_nodes.nodes import Running

DEEDS = "tests.faults.flooding."
ORIGIN = "munich.example"
SENDERS = 32  # connections of the partner that floods
PAUSE = 0.55  # seconds: fewer than the 120 requests a minute that an agreement grants
WORST = 0.5  # seconds: p99 of the other partner
Row = tuple[int, float]


def flood(running: Running, rate: int, seconds: float) -> tuple[dict[str, Any], list[Row], list[Row]]:
    """What the flood was answered, and the other partner: before it, and while it lasts."""
    calm = running.do("kyoto", DEEDS + "few", origin=ORIGIN, pause=PAUSE, seconds=seconds / 2)
    running.helpers["osaka"].tell(DEEDS + "many", origin=ORIGIN, rate=rate, seconds=seconds, senders=SENDERS)
    beside = running.do("kyoto", DEEDS + "few", origin=ORIGIN, pause=PAUSE, seconds=seconds)
    return running.helpers["osaka"].answer(), calm, beside


def agree(running: Running) -> None:
    """Both partners of Munich have an agreement with it and read its log."""
    canaries = Canaries(running, random.Random(0))
    for other in ("osaka", "kyoto"):
        canaries.agree(("munich", other))
    canaries.exchange()


def told(rows: list[Row]) -> str:
    times = sorted(seconds for _, seconds in rows)
    statuses = ", ".join(f"{status}: {count}" for status, count in Counter(s for s, _ in rows).items())
    return f"{statuses}; p50 {1000 * times[len(times) // 2]:.0f} ms, p99 {1000 * p99(rows):.0f} ms"


def p99(rows: list[Row]) -> float:
    return quantiles([seconds for _, seconds in rows], n=100, method="inclusive")[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, three_nodes(Path(home)) as running:
        agree(running)
        answered, calm, beside = flood(running, wanted.rate, wanted.seconds)
    statuses, seconds = answered["statuses"], answered["seconds"]
    came = sum(statuses.values()) / seconds
    print(f"flood: {wanted.rate}/s wanted, {came:.0f}/s came through: {statuses}")
    print(f"the other partner before: {told(calm)}\nthe other partner beside it: {told(beside)}")
    well = {status for status, _ in beside} == {200} and p99(beside) < WORST
    print("as it should be" if well else f"not every answer was 200, or p99 is {WORST} s or more")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
