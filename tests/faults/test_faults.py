"""The long runs in their short form: a few thousand hostile pages, a few kills, the same ones each time."""

import time
from pathlib import Path
from random import Random

import pytest

from tests.faults import boundaries, kills, long, model, network, pages, soak
from tests.faults.line import line
from tests.two_nodes.nodes import Running

SEED = 20_261_123
PATIENCE = 1_800.0  # seconds; the machine of the tests may be busy


def test_hostile_pages_are_refused_with_a_documented_code_and_nothing_else_happens() -> None:
    progress = long.Progress(seed=SEED)
    long.run(pages.case, progress, cases=2_000, until=time.monotonic() + PATIENCE)
    assert progress.done == 2_000
    assert progress.violations == []
    assert progress.outcomes["not-canonical"] > 0
    assert progress.outcomes["schema-invalid"] > 0


def test_threat_31_a_reader_or_origin_killed_at_any_moment_loses_nothing_and_doubles_nothing(
    pair: Running,
) -> None:
    progress = long.Progress(seed=SEED)
    long.run(kills.Kills(pair).case, progress, cases=10, until=time.monotonic() + PATIENCE)
    assert progress.done == 10
    assert progress.violations == []
    kills.settle(pair)


@pytest.mark.skipif(not boundaries.POSSIBLE, reason="the library between process and system is for Linux")
def test_whatever_happens_at_a_single_write_the_node_starts_again_and_is_whole(
    pair: Running, tmp_path: Path
) -> None:
    cut, rng = boundaries.Boundaries(pair, boundaries.library(tmp_path)), Random(SEED)
    made = cut.count(["apply and acknowledge", "withdraw"])
    cuts = boundaries.plan({work: count // 2 for work, count in made.items()})  # the last may not come again
    ended = [
        cut.case(rng, boundaries.Cut(one.work, one.at, how))
        for how in boundaries.HOW
        for one in rng.sample(cuts, 1)
    ]
    assert ended[:2] == ["killed before it: killed", "killed in it: killed"]
    kills.settle(pair)


def test_two_nodes_under_load_catch_up_after_every_fault(pair: Running) -> None:
    progress = long.Progress(seed=SEED)
    long.run(soak.Soak(pair, faults=1.0).case, progress, cases=5, until=time.monotonic() + PATIENCE)
    assert progress.done == 5
    assert progress.violations == []
    assert not progress.outcomes["quiet"]


@pytest.mark.django_db
def test_whatever_a_node_and_its_two_partners_do_it_holds_what_the_model_holds() -> None:
    """C9 in its short form: the same few runs each time."""
    assert model.run(drawn=9, runs=3, steps=10) >= 3


def test_a_long_run_notices_what_breaks_and_repeats_it() -> None:
    def case(rng: Random) -> str:
        drawn = rng.random()  # a name: the words of a violation must not hold the generator's address
        assert drawn < 0.9, "broken"
        return "well"

    one, two = long.Progress(seed=1), long.Progress(seed=1)
    long.run(case, one, cases=100, until=time.monotonic() + PATIENCE)
    long.run(case, two, cases=50, until=time.monotonic() + PATIENCE)
    long.run(case, two, cases=100, until=time.monotonic() + PATIENCE)
    assert one.violations
    assert (two.done, two.violations, two.outcomes) == (one.done, one.violations, one.outcomes)


def test_behind_a_bad_line_a_reader_waits_its_time_keeps_what_holds_and_catches_up(pair: Running) -> None:
    rng = Random(SEED)
    with line(pair.ports["osaka"], rng) as bad:
        reader = network.Network(pair, bad)
        try:
            kinds = {reader.case(rng) for _ in range(3)}
        finally:
            pair.point("munich")
    assert kinds <= network.WEATHER.keys()
    assert bad.calls > 3
