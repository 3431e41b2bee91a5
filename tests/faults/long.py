"""Runs of many cases that save their progress and resume: --cases N, --for 45m, --seed S, --state FILE."""

import argparse
import json
import random
import re
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SAVE_EVERY, SAY_EVERY = 10.0, 60.0  # seconds
UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass
class Progress:
    """What has been done over all sittings: how cases ended, and what broke."""

    seed: int
    done: int = 0
    seconds: float = 0.0
    slowest: float = 0.0  # CPU seconds of one case
    slowest_case: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def said(self) -> str:
        ended = ", ".join(f"{name} {count:,}" for name, count in self.outcomes.most_common(12))
        return (
            f"{self.done:,} cases in {self.seconds:,.0f} s, {len(self.violations)} violations, "
            f"slowest {1000 * self.slowest:.0f} ms CPU (case {self.slowest_case}), "
            f"{memory():.0f} MiB at most: {ended}"
        )


def memory() -> float:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(text: str) -> float:
    """`90`, `90s`, `45m` or `24h` in seconds."""
    match = re.fullmatch(r"(\d+)([smh]?)", text)
    if match is None:
        raise argparse.ArgumentTypeError("a number with s, m or h behind it")
    return int(match[1]) * UNITS[match[2] or "s"]


def wanted(about: str, cases: int) -> argparse.Namespace:
    """The command line that all long runs share."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--cases", type=int, default=cases, help="over all sittings")
    parser.add_argument("--for", dest="limit", type=seconds, default=None, help="this sitting: 90s, 45m, 24h")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--state", type=Path, default=None, help="where progress is kept; read at the start")
    return parser.parse_args()


def load(asked: argparse.Namespace) -> Progress:
    """Where the last sitting stopped, or the beginning."""
    if asked.state is None or not asked.state.exists():
        return Progress(asked.seed)
    kept = json.loads(asked.state.read_text("utf-8"))
    return Progress(**{**kept, "outcomes": Counter(kept["outcomes"])})


def run(case: Callable[[random.Random], str], progress: Progress, *, cases: int, until: float) -> float:
    """One stretch of cases; each is drawn from the seed and its own number, so any one can be repeated."""
    begun = time.monotonic()
    while progress.done < cases and time.monotonic() < until:
        cpu = time.process_time()
        try:
            progress.outcomes[case(random.Random(f"{progress.seed}/{progress.done}"))] += 1
        except Exception as error:
            progress.outcomes["violation"] += 1
            progress.violations.append(f"case {progress.done}: {told(error)}")
        if (took := time.process_time() - cpu) > progress.slowest:
            progress.slowest, progress.slowest_case = took, progress.done
        progress.done += 1
    return time.monotonic() - begun


def told(error: BaseException) -> str:
    """What broke and where; of a group, as Hypothesis raises it, the first that it holds."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__}: {error}"[:500] + " at " + " < ".join(places[:-5:-1])


def main(about: str, case: Callable[[random.Random], str], *, cases: int) -> int:
    """Run, say how it goes, save; the exit code is 1 if anything broke."""
    asked = wanted(about, cases)
    progress = load(asked)
    end = time.monotonic() + asked.limit if asked.limit else float("inf")
    said = 0.0
    while progress.done < asked.cases and time.monotonic() < end:
        stretch = min(end, time.monotonic() + SAVE_EVERY)
        progress.seconds += run(case, progress, cases=asked.cases, until=stretch)
        if asked.state is not None:
            asked.state.write_text(json.dumps(vars(progress)), "utf-8")
        if progress.seconds - said >= SAY_EVERY:
            said = progress.seconds
            print(progress.said(), flush=True)
    print(f"seed {progress.seed}: {progress.said()}", *progress.violations[:5], sep="\n")
    return 1 if progress.violations else 0


def end(about: str, case: Callable[[random.Random], str], *, cases: int) -> None:
    sys.exit(main(about, case, cases=cases))
