"""Two real nodes over HTTP: what one publishes the other shows, and what it takes back is gone."""

import time
from pathlib import Path

from tests.two_nodes.nodes import PATIENCE, Running, two_nodes


def acknowledged(pair: Running, side: str) -> bool:
    (channel,) = pair.do(side, "channels")
    return bool(channel["acknowledged"] == channel["size"])


def read_until_acknowledged(pair: Running, reader: str, writer: str) -> None:
    """A reader cosigns once a second at most, so not each page at once."""
    until = time.monotonic() + PATIENCE
    while not acknowledged(pair, writer) and time.monotonic() < until:
        time.sleep(0.5)
        pair.do(reader, "pull")
    assert acknowledged(pair, writer)


def test_what_osaka_publishes_munich_shows_and_acknowledges(pair: Running) -> None:
    pair.do("osaka", "publish", name="大阪製薬", region="JP-27", offers=2)
    (feed,) = pair.do("munich", "pull")
    assert (feed["code"], feed["refused"]) == ("", [])
    assert {"大阪製薬", "大阪製薬 0", "大阪製薬 1"} <= set(pair.do("munich", "seen"))
    read_until_acknowledged(pair, "munich", "osaka")


def test_the_other_direction_works_the_same_way(pair: Running) -> None:
    pair.do("munich", "publish", name="Würm Biotech GmbH")
    pair.do("osaka", "pull")
    assert "Würm Biotech GmbH" in pair.do("osaka", "seen")


def test_what_is_withdrawn_is_gone_on_the_other_side(pair: Running) -> None:
    _, offer = pair.do("munich", "publish", name="Kurzlebig GmbH")
    pair.do("osaka", "pull")
    assert "Kurzlebig GmbH 0" in pair.do("osaka", "seen")
    pair.do("munich", "move", record=offer, to="withdrawn")
    pair.do("osaka", "pull")
    seen = pair.do("osaka", "seen")
    assert "Kurzlebig GmbH" in seen
    assert "Kurzlebig GmbH 0" not in seen


def test_a_waiting_reader_is_answered_when_something_is_published(pair: Running) -> None:
    pair.do("osaka", "pull")
    pair.helpers["osaka"].tell("pull", wait=25)
    time.sleep(1)  # so that it waits; were it late, it would be answered all the same
    pair.do("munich", "publish", name="Sofort GmbH", offers=0)
    pair.helpers["osaka"].answer()
    assert "Sofort GmbH" in pair.do("osaka", "seen")


def test_a_partner_that_is_away_is_noted_and_caught_up_with_later(pair: Running) -> None:
    pair.do("osaka", "pull")
    pair.stop("munich", kill=True)
    try:
        (feed,) = pair.do("osaka", "pull")
        assert feed["code"] == "unreachable"
        pair.do("munich", "publish", name="Inzwischen GmbH", offers=0)
    finally:
        pair.start("munich")
    pair.do("osaka", "forgive")
    (feed,) = pair.do("osaka", "pull")
    assert feed["code"] == ""
    assert "Inzwischen GmbH" in pair.do("osaka", "seen")


def test_when_the_agreement_ends_nothing_is_shown_any_more_and_the_log_is_closed(tmp_path: Path) -> None:
    with two_nodes(tmp_path) as pair:
        pair.do("osaka", "publish", name="大阪製薬", region="JP-27")
        pair.do("munich", "pull")
        assert len(pair.do("munich", "seen")) == 2
        pair.do("osaka", "end_agreement")
        pair.do("osaka", "deliver")
        time.sleep(1.5)
        for side in ("osaka", "munich"):
            pair.do(side, "follow")
        assert pair.do("munich", "seen") == []
        (feed,) = pair.do("munich", "pull")
        assert (feed["state"], feed["code"]) == ("ended", "")
        assert pair.do("munich", "seen") == []
        assert pair.do("osaka", "channels")[0]["state"] == "ended"
        assert acknowledged(pair, "osaka")
        told = pair.do("munich", "purge")  # copies are deleted, and the other side has it signed
        assert told == [{"by": "munich.example", "sent": True, "made": True}]
        assert {"by": "munich.example", "sent": False, "made": True} in pair.do("osaka", "purge")
