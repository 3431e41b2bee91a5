"""Two real nodes over HTTP: what one publishes the other shows, and what it takes back is gone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.two_nodes.nodes import Running, two_nodes

pytestmark = pytest.mark.xdist_group("nodes")


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two nodes that have signed; tests use names of their own for what they publish."""
    with two_nodes(tmp_path_factory.mktemp("bridge")) as running:
        yield running


def acknowledged(bridge: Running, side: str) -> bool:
    (channel,) = bridge.do(side, "channels")
    return bool(channel["acknowledged"] == channel["size"])


def test_what_osaka_publishes_munich_shows_and_acknowledges(bridge: Running) -> None:
    bridge.do("osaka", "publish", name="大阪製薬", region="JP-27", offers=2)
    (feed,) = bridge.do("munich", "pull")
    assert (feed["code"], feed["refused"]) == ("", [])
    assert {"大阪製薬", "大阪製薬 0", "大阪製薬 1"} <= set(bridge.do("munich", "seen"))
    assert acknowledged(bridge, "osaka")


def test_the_other_direction_works_the_same_way(bridge: Running) -> None:
    bridge.do("munich", "publish", name="Würm Biotech GmbH")
    bridge.do("osaka", "pull")
    assert "Würm Biotech GmbH" in bridge.do("osaka", "seen")


def test_what_is_withdrawn_is_gone_on_the_other_side(bridge: Running) -> None:
    _, offer = bridge.do("munich", "publish", name="Kurzlebig GmbH")
    bridge.do("osaka", "pull")
    assert "Kurzlebig GmbH 0" in bridge.do("osaka", "seen")
    bridge.do("munich", "move", record=offer, to="withdrawn")
    bridge.do("osaka", "pull")
    seen = bridge.do("osaka", "seen")
    assert "Kurzlebig GmbH" in seen
    assert "Kurzlebig GmbH 0" not in seen


def test_a_waiting_reader_is_answered_when_something_is_published(bridge: Running) -> None:
    bridge.do("osaka", "pull")
    bridge.helpers["osaka"].tell("pull", wait=25)
    time.sleep(1)
    bridge.do("munich", "publish", name="Sofort GmbH", offers=0)
    published = time.monotonic()
    bridge.helpers["osaka"].answer()
    assert time.monotonic() - published < 5
    assert "Sofort GmbH" in bridge.do("osaka", "seen")


def test_a_partner_that_is_away_is_noted_and_caught_up_with_later(bridge: Running) -> None:
    bridge.do("osaka", "pull")
    bridge.stop("munich", kill=True)
    try:
        (feed,) = bridge.do("osaka", "pull")
        assert feed["code"] == "unreachable"
        bridge.do("munich", "publish", name="Inzwischen GmbH", offers=0)
    finally:
        bridge.start("munich")
    time.sleep(1.5)  # the pause after one failure
    (feed,) = bridge.do("osaka", "pull")
    assert feed["code"] == ""
    assert "Inzwischen GmbH" in bridge.do("osaka", "seen")


def test_a_reader_killed_again_and_again_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """F1 in its short form: the last committed page stands, and reading goes on from there."""
    with two_nodes(tmp_path) as bridge:
        bridge.do("osaka", "publish", name="大阪製薬", region="JP-27", offers=250)
        for delay in (0.05, 0.15, 0.3, 0.5, 0.8):
            bridge.kill_after("munich", "pull", delay)
            bridge.do("munich", "invariants")
        (feed,) = bridge.do("munich", "pull")
        assert (feed["size"], feed["code"]) == (252, "")
        bridge.do("munich", "invariants")
        assert len(bridge.do("munich", "seen")) == 251


def test_when_the_agreement_ends_nothing_is_shown_any_more_and_the_log_is_closed(tmp_path: Path) -> None:
    with two_nodes(tmp_path) as bridge:
        bridge.do("osaka", "publish", name="大阪製薬", region="JP-27")
        bridge.do("munich", "pull")
        assert len(bridge.do("munich", "seen")) == 2
        bridge.do("osaka", "end_agreement")
        bridge.do("osaka", "deliver")
        time.sleep(1.5)
        for side in ("osaka", "munich"):
            bridge.do(side, "follow")
        assert bridge.do("munich", "seen") == []
        (feed,) = bridge.do("munich", "pull")
        assert (feed["state"], feed["code"]) == ("ended", "")
        assert bridge.do("munich", "seen") == []
        assert bridge.do("osaka", "channels")[0]["state"] == "ended"
        assert acknowledged(bridge, "osaka")
