"""The long runs in their short form: a few thousand hostile pages, a few kills."""

import time
from random import Random

from tests.faults import long, pages


def test_hostile_pages_are_refused_with_a_documented_code_and_nothing_else_happens() -> None:
    progress = long.Progress(seed=time.time_ns() % 2**32)
    long.run(pages.case, progress, cases=2_000, until=time.monotonic() + 600)
    assert progress.done == 2_000
    assert progress.violations == []
    assert progress.outcomes["not-canonical"] > 0
    assert progress.outcomes["schema-invalid"] > 0


def test_a_long_run_notices_what_breaks_and_repeats_it() -> None:
    def case(rng: Random) -> str:
        assert rng.random() < 0.9, "broken"
        return "well"

    one, two = long.Progress(seed=1), long.Progress(seed=1)
    long.run(case, one, cases=100, until=time.monotonic() + 600)
    long.run(case, two, cases=50, until=time.monotonic() + 600)
    long.run(case, two, cases=100, until=time.monotonic() + 600)
    assert one.violations
    assert (two.done, two.violations, two.outcomes) == (one.done, one.violations, one.outcomes)
