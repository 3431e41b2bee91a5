"""The whole way with two real nodes: backup, loss, restore, and the partner gives everything back."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.two_nodes.nodes import PATIENCE, ROOT, Running, two_nodes


def kakehashi(bridge: Running, side: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kakehashi", *arguments, "--node", side],
        env=bridge.environment(side),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_origin_put_back_from_a_backup_gets_everything_back_when_it_starts(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with two_nodes(tmp_path / "home") as bridge:
        bridge.do("munich", "publish", name="Vorher GmbH")
        kakehashi(bridge, "munich", "backup", "--to", str(file))
        bridge.do("munich", "publish", name="Nachher GmbH", offers=3)
        bridge.do("osaka", "pull")
        (before,) = bridge.do("munich", "channels")
        bridge.stop("munich", kill=True)
        bridge.helpers.pop("munich").stop()
        kakehashi(bridge, "munich", "restore", str(file))
        (restored,) = bridge.do("munich", "channels")
        assert (restored["state"], restored["size"]) == ("asking", 3)
        bridge.start("munich")
        after = wait_until_open(bridge)
        assert after["size"] == before["size"]
        bridge.do("munich", "invariants")
        bridge.do("munich", "publish", name="Danach GmbH")
        bridge.do("osaka", "forgive")
        (feed,) = bridge.do("osaka", "pull")
        assert (feed["code"], feed["state"], feed["size"]) == ("", "open", before["size"] + 2)
        bridge.do("osaka", "invariants")


def wait_until_open(bridge: Running) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        (channel,) = bridge.do("munich", "channels")
        if channel["state"] == "open":
            return dict(channel)
        time.sleep(0.5)
    raise AssertionError(channel)
