"""Two real nodes whose keys are all changed while they run: nothing is lost, nothing is refused."""

import time

from tests.two_nodes.nodes import PATIENCE, Running


def read_on(pair: Running, side: str, title: str) -> None:
    """Read until the title is seen and all is acknowledged; new keys are asked for every ten seconds."""
    until = time.monotonic() + PATIENCE
    while not (done := read(pair, side, title)) and time.monotonic() < until:
        time.sleep(0.5)
    assert done


def read(pair: Running, side: str, title: str) -> bool:
    pair.do(side, "forgive")
    (feed,) = pair.do(side, "pull")
    return title in pair.do(side, "seen") and feed["receipt"] == feed["size"]


def test_both_sides_change_all_their_keys_and_read_on(pair: Running) -> None:
    for writer, reader, region in (("munich", "osaka", "DE-BY"), ("osaka", "munich", "JP-27")):
        pair.do(writer, "publish", name=f"Vorher {writer}", region=region, offers=0)
        before = pair.do(writer, "rotate_keys")
        pair.do(writer, "publish", name=f"Nachher {writer}", region=region, offers=0)
        read_on(pair, reader, f"Nachher {writer}")
        assert f"Vorher {writer}" in pair.do(reader, "seen")
        assert before >= 2
    pair.do("munich", "publish", name="Zurück GmbH", offers=0)
    read_on(pair, "osaka", "Zurück GmbH")  # asked for, and acknowledged, with osaka's new keys
    for side in ("munich", "osaka"):
        (feed,) = pair.do(side, "feeds")
        assert (feed["code"], feed["refused"]) == ("", [])
        pair.do(side, "invariants")
